import { afterAll, afterEach, beforeAll } from 'vitest'
import { loadRefunds, type RefundCase, type Rule, type RuleServer, startRuleServer } from './rule-server.ts'

/** A model that answers by the rules on refunds, for the tests of a file; each test begins with those rules again. */
export interface Refunds {
  readonly server: RuleServer
  readonly rules: readonly Rule[]
  readonly cases: readonly RefundCase[]
  /** The case of the period within which a refund can be asked for. */
  readonly period: RefundCase
}

/** Starts it before the tests of a file, and closes it after them. */
export function useRefunds(): Refunds {
  let open: Refunds | undefined
  const opened = (): Refunds => {
    if (open === undefined) throw new Error('The server of rules is open inside tests only.')
    return open
  }
  beforeAll(async () => {
    const { refundRules, REFUND_CASES: cases } = await loadRefunds()
    const [period] = cases
    if (period === undefined) throw new Error('There are no cases.')
    open = { server: await startRuleServer(), rules: refundRules(), cases, period }
  })
  afterEach(() => {
    const { server, rules } = opened()
    server.setOutage(null)
    server.setLatency(0)
    server.setRules(rules)
    server.forgetCalls()
  })
  afterAll(() => open?.server.close())
  return {
    get server() {
      return opened().server
    },
    get rules() {
      return opened().rules
    },
    get cases() {
      return opened().cases
    },
    get period() {
      return opened().period
    },
  }
}
