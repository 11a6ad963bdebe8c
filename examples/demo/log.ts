import { appendFileSync } from 'node:fs'
import type { Decision, ErrorCode, Maturity, Risk, Route, TriggerSource } from '@preceptor/client'
import type { Adapter } from './shop.ts'

/** One decision as a client received it. */
export interface Row {
  readonly id: string
  readonly agent: string
  readonly maturity: Maturity | null
  readonly adapter: Adapter
  readonly source: TriggerSource
  readonly action: string
  readonly risk: Risk | null
  readonly route: Route
  readonly reason: string
  readonly code?: ErrorCode
  readonly warnings: readonly string[]
  /** Whether the action ran now; a repeated attempt is answered with what it led to before. */
  readonly ran: boolean
}

/** Every decision that the clients of the round received. */
export interface Log {
  readonly rows: readonly Row[]
  add(decision: Decision, how: { readonly adapter: Adapter; readonly ran: boolean }): void
}

/** Keeps the decisions, and appends each to the file, when there is one, before the client goes on. */
export function openLog(file: string | undefined): Log {
  const rows: Row[] = []
  return {
    rows,
    add(decision, { adapter, ran }) {
      const { id, agent, maturity, source, action, risk, route, reason, warnings } = decision
      const code = 'code' in decision ? { code: decision.code } : {}
      const row = { id, agent, maturity, adapter, source, action, risk, route, reason, ...code, warnings, ran }
      rows.push(row)
      if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...row, receivedAt: Date.now() })}\n`)
    },
  }
}
