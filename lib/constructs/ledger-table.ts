import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
  type Attribute,
  type ITable,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableDefinition, type TableIndex } from '../../adapters/aws/index.ts';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import type { DataKey } from './data-key.ts';
import type { SkeinFunction } from './skein-function.ts';

/** What the adapters do with items. A transaction needs the permissions of its parts. Never Scan: every key has a tenant. */
const itemActions = [
  'dynamodb:BatchGetItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
];

/** The one table: ledger, views, published versions, agents. */
export class LedgerTable extends Construct {
  readonly table: ITable;
  private readonly key: DataKey | undefined;

  constructor(scope: Construct, id: string, { stage, key }: { stage: StageProps; key: DataKey | undefined }) {
    super(scope, id);
    this.key = key;
    const table = new Table(this, 'Table', {
      tableName: physicalName(stage.name, 'ledger'),
      partitionKey: textAttribute(tableDefinition.partitionKey),
      sortKey: textAttribute(tableDefinition.sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: tableDefinition.timeToLive,
      stream: StreamViewType[tableDefinition.stream],
      removalPolicy: stage.removal,
      deletionProtection: stage.removal === RemovalPolicy.RETAIN,
      ...(key ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: key.key } : {}),
    });
    for (const index of tableDefinition.indexes) addIndex(table, index);
    // CDK declares its optional members in another way than `exactOptionalPropertyTypes` wants.
    this.table = table as ITable;
  }

  /** Its items, and where they are: permission and address are never given apart. */
  letUse(fn: SkeinFunction): void {
    this.allow(fn, itemActions);
    const indexes = tableDefinition.indexes.map(({ name }) => `${this.table.tableArn}/index/${name}`);
    fn.allow(['dynamodb:Query'], indexes);
  }

  /** Single items by their keys: no lists, no transactions over other's. */
  letUseSingly(fn: SkeinFunction): void {
    this.allow(fn, ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem']);
  }

  private allow(fn: SkeinFunction, actions: readonly string[]): void {
    fn.addEnvironment('SKEIN_TABLE', this.table.tableName);
    fn.allow(actions, [this.table.tableArn]);
    this.key?.letUse(fn);
  }
}

function addIndex(table: Table, { name, partitionKey, sortKey, include }: TableIndex): void {
  table.addGlobalSecondaryIndex({
    indexName: name,
    partitionKey: textAttribute(partitionKey),
    sortKey: textAttribute(sortKey),
    ...(include.length > 0
      ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...include] }
      : { projectionType: ProjectionType.KEYS_ONLY }),
  });
}

function textAttribute(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
