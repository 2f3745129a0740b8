import { lintRules, staleAcceptance } from './lint.ts';

const head = `# What the fault-domain lint finds

Made from \`src/config/lint/\` by \`npx tsx scripts/config-page.ts\`; do not edit.

A configuration can be valid and still put two things that must not fail together where one lost region takes both.
\`cdk-failover validate FILE\` and every synth look for these. Each finding says what was found, what breaks when which
region is lost, and what to do. \`cdk-failover validate\` exits 1 while one is open.

A finding that is meant to be so is accepted by its name, with the reason:

\`\`\`yaml
accept:
  one-region: The data may not leave the country, and there is one region there.
\`\`\`

The reason covers every finding of that name. An acceptance of something that is not found is a finding itself,
\`${staleAcceptance}\`: take it out, so that the name is heard of when it comes back.

The lint reads the configuration only. It does not see where an IP address is, what is behind a name, who issued a public
certificate, or an attribute of a load balancer. How long clients keep a connection alive it knows only from
\`traffic.dns.clientKeepAliveSeconds\`. A connection to a site that was left stays there until either end closes it: keep the idle
timeout of the load balancer and the keep-alive of your own clients at 60 seconds or less, and write the longer of the two there.
`;

/** The whole page docs/lint.md, as Markdown. */
export function lintPage(): string {
  const sections = lintRules.map(({ name, about, reason }) => `## ${name}\n\n${about}\n\n${reason}`);
  return `${[head.trimEnd(), ...sections].join('\n\n')}\n`;
}
