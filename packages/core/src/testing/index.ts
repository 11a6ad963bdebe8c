export {
  type Access,
  OPEN_OPERATIONS,
  OPERATIONS,
  type Operation,
  PERMISSIONS,
  type Permission,
  REFINEMENTS,
} from '../access/permissions.ts'
export type { AuditRules, Finding } from '../database/audit-tables.ts'
export { EVENT_KINDS } from '../journal/event-kinds.ts'
export { auditDatabase } from './audit-database.ts'
export {
  type ContractAttempt,
  type ContractCase,
  type ContractSubject,
  ENFORCEMENT_CONTRACT,
} from './enforcement-contract.ts'
export { createFailpoints, type Failpoints, type Parking } from './failpoints.ts'
export { MIGRATION_NAMES } from './migration-names.ts'
export { createTestClock, type TestClock } from './test-clock.ts'
export { createTestGovernor, TEST_ACTIONS, type TestGovernor } from './test-governor.ts'
