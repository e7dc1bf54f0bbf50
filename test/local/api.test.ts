import { apiContract } from '../contract/api.contract.ts';
import { openTwoTenants } from './two-tenants.ts';

apiContract('the API of the embedded server', openTwoTenants);
