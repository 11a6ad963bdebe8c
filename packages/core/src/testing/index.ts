export {
  type Access,
  OPEN_OPERATIONS,
  OPERATIONS,
  type Operation,
  PERMISSIONS,
  type Permission,
  REFINEMENTS,
} from '../access/permissions.ts'
export {
  type ContractAttempt,
  type ContractCase,
  type ContractSubject,
  ENFORCEMENT_CONTRACT,
} from './enforcement-contract.ts'
export { createTestGovernor, TEST_ACTIONS, type TestGovernor } from './test-governor.ts'
