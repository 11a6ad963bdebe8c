export type { GovernedJob } from './bullmq/governed-job.ts'
export {
  type GovernedProcessor,
  type GovernedProcessorOptions,
  type GovernedWork,
  governedProcessor,
} from './bullmq/governed-processor.ts'
export type { LookAgain } from './bullmq/next-look.ts'
export { createWorker, type GovernanceWorker, type WorkerHost, type WorkerOptions } from './create-worker.ts'
export { externalJobUrl, type JobLink, type JobLinkOptions, type LinkedJob } from './external-job-url.ts'
