/** What alias targets stand for by region, as AWS's tables have it. */
export type RegionalTarget = 'application' | 'network' | 'api' | 'website';

/** Hosted zone of every CloudFront distribution. Source: Route 53 API Reference, "AliasTarget", HostedZoneId. */
export const cloudFrontZoneId = 'Z2FDTNDATAQYW2';
/** Hosted zone of every Global Accelerator. Source: Route 53 API Reference, "AliasTarget", HostedZoneId. */
export const acceleratorZoneId = 'Z2BJ6XQ5FK7U4H';

/**
 * Hosted zones by region: application and classic load balancers, network load balancers, regional custom domain names
 * of API Gateway, and S3 websites.
 *
 * Sources, read in November 2026: AWS General Reference, "Elastic Load Balancing endpoints and quotas", "Amazon API
 * Gateway endpoints and quotas", "Amazon S3 endpoints and quotas". The websites are those of the region facts of
 * `aws-cdk-lib`, with which a test compares them. The page of the load balancers was read in part; the other rows are
 * those of one public copy, the AWS provider of Terraform. The rows of APIs are those on which two public copies agree;
 * where they differ, the table has no row. What it does not have is a finding and no refusal.
 */
export const zonesByRegion: Readonly<Record<string, Readonly<Partial<Record<RegionalTarget, string>>>>> = {
  'af-south-1': {
    application: 'Z268VQBMOI5EKX',
    network: 'Z203XCE67M25HM',
    api: 'Z2DHW2332DAMTN',
    website: 'Z11KHD8FBVPUYU',
  },
  'ap-east-1': {
    application: 'Z3DQVH9N71FHZ0',
    network: 'Z12Y7K3UBGUAD1',
    api: 'Z3FD1VL90ND7K5',
    website: 'ZNB98KWMFR0R6',
  },
  'ap-east-2': { api: 'Z02909591O7FG9Q56HWB1', website: 'Z064739330DAH7WJVOO93' },
  'ap-northeast-1': {
    application: 'Z14GRHDCWA56QT',
    network: 'Z31USIVHYNEOWT',
    api: 'Z1YSHQZHG15GKL',
    website: 'Z2M4EHUR26P7ZW',
  },
  'ap-northeast-2': {
    application: 'ZWKZPGTI48KDX',
    network: 'ZIBE1TIR4HY56',
    api: 'Z20JF4UZKIW1U8',
    website: 'Z3W03O7B5YMIYP',
  },
  'ap-northeast-3': { network: 'Z1GWIQ4HH19I5X', website: 'Z2YQB5RD63NC85' },
  'ap-south-1': {
    application: 'ZP97RAFLXTNZK',
    network: 'ZVDDRBQ08TROA',
    api: 'Z3VO1THU9YC4UR',
    website: 'Z11RGJOFQNVJUP',
  },
  'ap-south-2': {
    application: 'Z0173938T07WNTVAEPZN',
    network: 'Z0711778386UTO08407HT',
    api: 'Z0853509Q1135NJ66RUH',
    website: 'Z02976202B4EZMXIPMXF7',
  },
  'ap-southeast-1': {
    application: 'Z1LMS91P8CMLE5',
    network: 'ZKVM4W9LS7TM',
    api: 'ZL327KTPIQFUL',
    website: 'Z3O0J2DXBE1FTB',
  },
  'ap-southeast-2': {
    application: 'Z1GM3OXH4ZPM65',
    network: 'ZCT6FZBF4DROD',
    api: 'Z2RPCDW04V8134',
    website: 'Z1WCIGYICN2BYD',
  },
  'ap-southeast-3': {
    application: 'Z08888821HLRG5A9ZRTER',
    network: 'Z01971771FYVNCOVWJU1G',
    api: 'Z10132843TYUYSLUG4HA3',
    website: 'Z01846753K324LI26A3VV',
  },
  'ap-southeast-4': { api: 'Z092189423Y7RJK61311D', website: 'Z0312387243XT5FE14WFO' },
  'ap-southeast-5': { api: 'Z0314042F0KBUTZ3X5HF', website: 'Z08660063OXLMA7F1FJHU' },
  'ap-southeast-7': { api: 'Z048508712PZLK5NKG8R0', website: 'Z0031014GXUMRZG6I14G' },
  'ca-central-1': {
    application: 'ZQSVJUPU6J1EY',
    network: 'Z2EPGBW3API2WT',
    api: 'Z19DQILCV0OWEC',
    website: 'Z1QDHH18159H29',
  },
  'ca-west-1': { api: 'Z04745493436AWVTG1OQY', website: 'Z03565811Z33SLEZTHOUL' },
  'cn-north-1': { application: 'Z1GDH35T77C1KE', network: 'Z3QFB96KMJ7ED6', website: 'Z5CN8UMXT92WN' },
  'cn-northwest-1': { application: 'ZM7IZAIOVVDZF', network: 'ZQEIKTCZ8352D', website: 'Z282HJ1KT0DH03' },
  'eu-central-1': {
    application: 'Z215JYRZR1TBD5',
    network: 'Z3F0SRJ5LGBH90',
    api: 'Z1U9ULNL0V5AJ3',
    website: 'Z21DNDUVLTQW6Q',
  },
  'eu-central-2': {
    application: 'Z06391101F2ZOEP8P5EB3',
    network: 'Z02239872DOALSIDCX66S',
    api: 'Z09222482MK253X48U76H',
    website: 'Z030506016YDQGETNASS',
  },
  'eu-north-1': { application: 'Z23TAZ6LKFMNIO', network: 'Z1UDT6IFJ4EJM', website: 'Z3BAZG2TWCNX0D' },
  'eu-south-1': {
    application: 'Z3ULH7SSC9OV64',
    network: 'Z23146JA1KNAFP',
    api: 'Z3BT4WSQ9TDYZV',
    website: 'Z3IXVV8C73GIO3',
  },
  'eu-south-2': {
    application: 'Z0956581394HF5D5LXGAP',
    network: 'Z1011216NVTVYADP1SSV',
    api: 'Z02499852UI5HEQ5JVWX3',
    website: 'Z0081959F7139GRJC19J',
  },
  'eu-west-1': {
    application: 'Z32O12XQLNTSW2',
    network: 'Z2IFOLAFXWLO4F',
    api: 'ZLY8HYME6SFDD',
    website: 'Z1BKCTXD74EZPE',
  },
  'eu-west-2': {
    application: 'ZHURV8PSTC4K8',
    network: 'ZD4D7Y8KGAS4G',
    api: 'ZJ5UAJN8Y3Z2Q',
    website: 'Z3GKZC51ZF0DB4',
  },
  'eu-west-3': {
    application: 'Z3Q77PNBQS71R4',
    network: 'Z1CMS0P5QUZ6D5',
    api: 'Z3KY65QIEKYHQQ',
    website: 'Z3R1K369G5AVDG',
  },
  'il-central-1': { api: 'Z07264553HBI44N5X2CKP', website: 'Z09640613K4A3MN55U7GU' },
  'me-central-1': {
    application: 'Z08230872XQRWHG2XF6I',
    network: 'Z00282643NTTLPANJJG2P',
    api: 'Z08780021BKYYY8U0YHTV',
    website: 'Z06143092I8HRXZRUZROF',
  },
  'me-south-1': {
    application: 'ZS929ML54UICD',
    network: 'Z3QSRYVP46NYYV',
    api: 'Z20ZBPC0SS8806',
    website: 'Z1MPMWCPA7YB62',
  },
  'mx-central-1': { api: 'Z00020171WIGL5M88SHRM' },
  'sa-east-1': {
    application: 'Z2P70J7HTTTPLU',
    network: 'ZTK26PT1VY4CU',
    api: 'ZCMLWB8V5SYIT',
    website: 'Z7KQH4QJS55SO',
  },
  'us-east-1': {
    application: 'Z35SXDOTRQ7X7K',
    network: 'Z26RNL4JYFTOTI',
    api: 'Z1UJRXOUMOOFQ8',
    website: 'Z3AQBSTGFYJSTF',
  },
  'us-east-2': {
    application: 'Z3AADJGX6KTTL2',
    network: 'ZLMOA37VPKANP',
    api: 'ZOJJZC49E0EPZ',
    website: 'Z2O1EMRO9K5GLX',
  },
  'us-gov-east-1': {
    application: 'Z166TLBEWOO7G0',
    network: 'Z1ZSMQQ6Q24QQ8',
    api: 'Z3SE9ATJYCRCZJ',
    website: 'Z2NIFVYYW2VKV1',
  },
  'us-gov-west-1': {
    application: 'Z33AYJ8TM3BH4J',
    network: 'ZMG1MZ2THAWF1',
    api: 'Z1K6XKP9SAGWDV',
    website: 'Z31GFT0UA1I2HV',
  },
  'us-west-1': {
    application: 'Z368ELLRRE2KJ0',
    network: 'Z24FKFUX50B4VW',
    api: 'Z2MUQ32089INYE',
    website: 'Z2F56UZL2M1ACD',
  },
  'us-west-2': {
    application: 'Z1H1FL5HABSF5',
    network: 'Z18D5FSROUN65G',
    api: 'Z2OJLYMUO9EFXC',
    website: 'Z3BJ6K6RIION7M',
  },
};
