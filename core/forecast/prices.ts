/** What one unit of something costs. */
export interface Price {
  /** Plural, with its unit. */
  readonly what: string;
  /** US dollars for `per` units. */
  readonly usd: number;
  readonly per: number;
  readonly source: string;
}

interface PriceTable {
  /** When the rows were last gone through. */
  readonly date: string;
  readonly region: string;
  readonly rows: Readonly<Record<string, Price>>;
}

/**
 * List prices. Free tiers, discounts and taxes are not in them. A row says where its figure was read; one that was not read anew on the
 * table's date says so.
 */
export const prices = {
  date: '2026-11-21',
  region: 'us-east-1',
  rows: {
    /** Standard workflows; calls of a state that are retried count as well. */
    transition: {
      what: 'state transitions',
      usd: 0.025,
      per: 1_000,
      source: 'aws.amazon.com/step-functions/pricing',
    },
    lambdaRequest: {
      what: 'Lambda requests',
      usd: 0.2,
      per: 1_000_000,
      source: 'aws.amazon.com/lambda/pricing, not read anew',
    },
    /** On arm64. */
    lambdaTime: {
      what: 'Lambda GB-seconds',
      usd: 0.0000133334,
      per: 1,
      source: 'aws.amazon.com/lambda/pricing, not read anew',
    },
    fargateProcessor: {
      what: 'Fargate vCPU-seconds',
      usd: 0.04048,
      per: 3_600,
      source: 'aws.amazon.com/fargate/pricing, not read anew',
    },
    fargateMemory: {
      what: 'Fargate GB-seconds',
      usd: 0.004445,
      per: 3_600,
      source: 'aws.amazon.com/fargate/pricing, not read anew',
    },
    /** Of 1 KB, on demand; an item of a transaction takes two. */
    write: {
      what: 'DynamoDB write units',
      usd: 0.625,
      per: 1_000_000,
      source: 'aws/agent-toolkit-for-aws, amazon-dynamodb/scripts/calculate_costs.py',
    },
    /** Of 4 KB, on demand, strongly consistent. */
    read: {
      what: 'DynamoDB read units',
      usd: 0.125,
      per: 1_000_000,
      source: 'aws/agent-toolkit-for-aws, amazon-dynamodb/scripts/calculate_costs.py',
    },
    /** Custom events of up to 64 KB. */
    event: {
      what: 'EventBridge events',
      usd: 1,
      per: 1_000_000,
      source: 'cloudburn.io, March 2026',
    },
  },
} as const satisfies PriceTable;

export type PriceName = keyof typeof prices.rows;

export function usdOf(price: PriceName, quantity: number): number {
  const { usd, per } = prices.rows[price];
  return (quantity / per) * usd;
}
