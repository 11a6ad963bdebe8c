import type { Lifecycle } from '@preceptor/client'
import { defineStateMachine, type StateMachine } from '../kernel/state-machine.ts'

/** The lifecycle of an agent: separate from its maturity, and moved by people only. */
export const LIFECYCLE: StateMachine<Lifecycle> = defineStateMachine<Lifecycle>({
  initial: 'active',
  transitions: {
    active: ['paused', 'stopped', 'retired'],
    paused: ['active', 'stopped', 'retired'],
    stopped: ['active', 'retired'],
    retired: [],
  },
})
