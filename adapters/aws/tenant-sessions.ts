import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { UnavailableError } from '../../core/errors/index.ts';

export interface TenantSessionsDeps {
  readonly client: Pick<STSClient, 'send'>;
  readonly tenant: string;
}

/** As a client of the SDK takes them: it keeps them until shortly before `expiration`, then asks anew. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Functions carry this tag, and a role lets a session call those that carry the session's. */
export const TENANT_TAG = 'skein:tenant';

/** Credentials of a role, in a session that carries the tenant as its tag. */
export function createTenantSessions({ client, tenant }: TenantSessionsDeps) {
  return {
    open: async (roleArn: string): Promise<SessionCredentials> => {
      const command = new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName(tenant),
        Tags: [{ Key: TENANT_TAG, Value: tenant }],
      });
      const { Credentials } = await client.send(command);
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw noCredentials(roleArn);
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    },
  };
}

/** For CloudTrail; the tag says it exactly. At most 64 characters of a small alphabet (STS's limit). */
function sessionName(tenant: string): string {
  return `skein-${tenant}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
}

function noCredentials(roleArn: string): UnavailableError {
  return new UnavailableError({ code: 'no_credentials', message: `STS gave no credentials for ${roleArn}.` });
}
