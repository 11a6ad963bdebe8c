/** What feedback may be about. */
export const ABOUT_KINDS = [
  'decision',
  'proposal',
  'supervision_session',
  'training_session',
  'learning_session',
  'subagent',
  'subprocess',
  'outside',
] as const

/** Feedback as a client of the MCP server submits it. */
export interface SubmittedFeedback {
  readonly agent: string
  readonly kind: 'positive' | 'negative' | 'correction' | 'suggestion'
  readonly input: string
  readonly output: string
  readonly correction?: string
  readonly comment?: string
  readonly tags?: readonly string[]
  readonly about: { readonly kind: AboutKind; readonly id: string; readonly task?: string }
}

type AboutKind = (typeof ABOUT_KINDS)[number]

/** What takes feedback, such as the plugin `learning` of `@preceptor/learning/client`. */
export interface FeedbackTaker {
  readonly feedback: {
    give(request: SubmittedFeedback): Promise<{ readonly id: string; readonly exampleId: string | null }>
  }
}
