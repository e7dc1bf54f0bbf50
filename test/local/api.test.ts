import { apiContract } from '../contract/api.contract.ts';
import { serveTwoTenants } from './two-tenants.ts';

apiContract('the API of the embedded server', serveTwoTenants);
