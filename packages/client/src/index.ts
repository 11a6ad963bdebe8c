export { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, isErrorCode } from './errors/error-codes.ts'
export { GovernanceError, type GovernanceErrorOptions } from './errors/governance-error.ts'
