export { createWorker, type GovernanceWorker, type WorkerHost, type WorkerOptions } from './create-worker.ts'
export { externalJobUrl, type JobLink, type JobLinkOptions, type LinkedJob } from './external-job-url.ts'
