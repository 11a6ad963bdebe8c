/** What befalls the queue. */
export type QueueFault =
  | 'kill'
  | 'terminate'
  | 'freeze'
  | 'freeze-long'
  | 'flush'
  | 'kill-redis'
  | 'redis-down'
  | 'restart-postgres'

/** What wakes the workers: BullMQ on Redis, or on Postgres. */
export type QueueBackend = 'redis' | 'postgres'

const OF_BOTH: readonly QueueFault[] = ['kill', 'restart-postgres', 'freeze', 'terminate']
const OF_REDIS: readonly QueueFault[] = [
  'kill',
  'flush',
  'restart-postgres',
  'redis-down',
  'freeze',
  'terminate',
  'kill-redis',
]

/** The faults of a long run, in their order; the first one goes on while the others befall. */
export function planQueueFaults(backend: QueueBackend, count: number): readonly QueueFault[] {
  const kinds = backend === 'redis' ? OF_REDIS : OF_BOTH
  const cycle = Array.from({ length: Math.max(0, count - 1) }, (_, index) => kinds[index % kinds.length] ?? 'kill')
  return ['freeze-long', ...cycle]
}
