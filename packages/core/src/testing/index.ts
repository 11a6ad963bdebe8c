export {
  type Access,
  OPEN_OPERATIONS,
  OPERATIONS,
  type Operation,
  PERMISSIONS,
  type Permission,
  REFINEMENTS,
} from '../access/permissions.ts'
export { createTestGovernor, TEST_ACTIONS, type TestGovernor } from './test-governor.ts'
