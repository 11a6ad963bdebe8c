import type { AnyFailpoint, Flow, Order } from '../failpoints.ts'
import type { FromProcess } from '../messages.ts'
import type { Append } from './log.ts'
import { realTime } from './machine-clock.ts'

/** Makes this process fail where it is told to. */
export interface Injector {
  /** What the governor and the tools call. */
  readonly failpoint: (name: AnyFailpoint) => Promise<void>
  arm(order: Order, flow: Flow): void
  disarm(): void
  /** Ends a wait of this process. */
  go(token: number): void
  /** Flows whose fail points are armed and were not passed yet. */
  wanted(): readonly Flow[]
  /** Says that there was an effect. */
  acted(): void
}

// Between faults a process gets work done, at the pace of the machine: a run needs effects as well.
const EFFECTS_BETWEEN = 7
// Unless there is none to get done, as while everything is stopped.
const PATIENCE_MS = 2_500

interface Armed {
  readonly order: Order
  readonly flow: Flow
  /** Active from so many effects of this process on, or from this moment on. */
  readonly fromEffects: number
  readonly fromMoment: number
  left: number
}

/** The error of a fail point that throws. */
class InjectedFault extends Error {
  override readonly name = 'InjectedFault'
}

/** Makes an injector; each fault is written down before it strikes. */
export function createInjector(process: NodeJS.Process, log: Append, send: (message: FromProcess) => void): Injector {
  const armed = new Map<AnyFailpoint, Armed>()
  const waiting = new Map<number, () => void>()
  let tokens = 0
  let effects = 0
  const isActive = ({ fromEffects, fromMoment }: Armed): boolean =>
    effects >= fromEffects || performance.now() >= fromMoment

  async function strike({ failpoint, action, parkMs }: Order): Promise<void> {
    tokens += 1
    const token = tokens
    log({ line: 'fault', failpoint, action, at: realTime(), parkMs })
    if (action === 'kill') {
      process.kill(process.pid, 'SIGKILL')
      return new Promise(() => undefined)
    }
    send({ type: 'hit', failpoint, action, token, parkMs })
    if (action === 'throw') throw new InjectedFault(`A fault was injected at ${failpoint}.`)
    await new Promise<void>((resolve) => waiting.set(token, resolve))
    log({ line: 'fault-over', failpoint, action, at: realTime() })
  }

  return {
    async failpoint(name) {
      const entry = armed.get(name)
      if (entry === undefined || !isActive(entry)) return
      if (entry.left > 0) {
        entry.left -= 1
        return
      }
      armed.delete(name)
      await strike(entry.order)
    },
    arm(order, flow) {
      const fromEffects = effects + EFFECTS_BETWEEN
      const fromMoment = performance.now() + PATIENCE_MS
      armed.set(order.failpoint, { order, flow, fromEffects, fromMoment, left: order.skip })
    },
    disarm: () => armed.clear(),
    go(token) {
      waiting.get(token)?.()
      waiting.delete(token)
    },
    wanted: () => [...armed.values()].filter(isActive).map(({ flow }) => flow),
    acted() {
      effects += 1
    },
  }
}
