export { createWorker, type GovernanceWorker, type WorkerHost, type WorkerOptions } from './create-worker.ts'
