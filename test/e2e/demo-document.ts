import type { Maturity, Risk, Route } from '@preceptor/client'

/** One decision in the document of the demo. */
export interface DemoDecision {
  readonly id: string
  readonly agent: string
  readonly maturity: Maturity | null
  readonly adapter: 'langchain' | 'http' | 'mcp'
  readonly source: string
  readonly action: string
  readonly risk: Risk | null
  readonly route: Route
  readonly reason: string
  readonly code?: string
  readonly warnings: readonly string[]
  readonly ran: boolean
}

/** One effect, as the tool that had it counted it. */
export interface DemoEffect {
  readonly key: string
  readonly agent: string
  readonly adapter: 'langchain' | 'http' | 'mcp'
  readonly action: string
  readonly once: boolean
}

/** What `--json` prints. */
export interface DemoDocument {
  readonly decisions: readonly DemoDecision[]
  readonly effects: readonly DemoEffect[]
  readonly summary: {
    readonly round: string
    readonly resumed: boolean
    readonly decisions: number
    readonly effects: number
    readonly routes: Readonly<Record<Route, number>>
    readonly watchedSessions: number
    readonly explained: number
    readonly journal: { readonly ok: boolean; readonly checked: number }
  }
}
