/** What a trial belongs to. */
export type TrialOwner =
  | { readonly kind: 'training_run'; readonly id: string }
  | { readonly kind: 'experiment'; readonly id: string }

/** One case, answered by two arms and scored. */
export interface Trial {
  readonly id: string
  readonly owner: TrialOwner
  readonly position: number
  readonly exampleId: string
  readonly state: 'open' | 'scored' | 'unscored' | 'skipped'
  readonly scoreA: number | null
  readonly scoreB: number | null
  readonly attempts: number
}

/** What answers the cases of one side of a trial. */
export type Arm =
  /** The model that answers, with a version of a playbook, or with none. */
  | { readonly kind: 'playbook'; readonly playbook: string; readonly version: number | null }
  /** The improver, by a strategy. */
  | { readonly kind: 'strategy'; readonly strategy: string }

/** Both sides of the trials of one owner. */
export interface Arms {
  readonly agentType: string
  readonly a: Arm
  readonly b: Arm
}

/** A trial is tried this often before it ends without scores. */
export const MOST_ATTEMPTS = 5
