import { isNode, nameOf, nodesOf, type SourceText, type SyntaxNode } from './syntax.ts';

/** One import of a file, or an export from another file. */
export interface Import {
  readonly node: SyntaxNode;
  /** Null when it is computed. */
  readonly specifier: string | null;
  readonly isTypeOnly: boolean;
}

/** Every import of a program: static, of types, computed, required. */
export function importsOf(source: SourceText): readonly Import[] {
  const imports: Import[] = [];
  for (const node of nodesOf(source)) {
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && isNode(node.source)) {
      imports.push({ node, specifier: nameOf(node.source), isTypeOnly: isOfTypes(node) });
    } else if (node.type === 'ImportExpression' || node.type === 'TSImportType') {
      imports.push({ node, specifier: nameOf(node.source), isTypeOnly: node.type === 'TSImportType' });
    } else if (node.type === 'CallExpression' && nameOf(node.callee) === 'require') {
      imports.push({ node, specifier: nameOf((node.arguments as readonly unknown[])[0]), isTypeOnly: false });
    }
  }
  return imports;
}

function isOfTypes(declaration: SyntaxNode): boolean {
  const kindsOf = (node: SyntaxNode) => [node.importKind, node.exportKind];
  const specifiers = Array.isArray(declaration.specifiers) ? declaration.specifiers.filter(isNode) : [];
  if (kindsOf(declaration).includes('type')) return true;
  return specifiers.length > 0 && specifiers.every((specifier) => kindsOf(specifier).includes('type'));
}
