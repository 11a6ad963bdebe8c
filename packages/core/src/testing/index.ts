export { createTestGovernor, TEST_ACTIONS, type TestGovernor } from './test-governor.ts'
