export type { CliHost, ExitCode } from './command.ts'
export { runCli } from './run-cli.ts'
