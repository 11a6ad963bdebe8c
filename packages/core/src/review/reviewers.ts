import { type BindingOptions, type BoundReviewer, bindReviewer, type ReviewerBinding } from './reviewer-binding.ts'

/** The agents of this process that review, by workspace. */
export interface Reviewers {
  /** Binds an agent, in the workspace `default` unless given; the function that is given takes it away. */
  readonly register: (
    agent: { readonly workspace?: string; readonly agent: string },
    binding: ReviewerBinding,
  ) => () => void
  /** The agents of a workspace that can be asked here. */
  of(workspace: string): ReadonlyMap<string, BoundReviewer>
}

const NONE: ReadonlyMap<string, BoundReviewer> = new Map()

/** Makes an empty registry. */
export function createReviewers(options: BindingOptions): Reviewers {
  const workspaces = new Map<string, Map<string, BoundReviewer>>()
  return {
    register({ workspace = 'default', agent }, binding) {
      const bound = bindReviewer(binding, options)
      const known = workspaces.get(workspace) ?? new Map<string, BoundReviewer>()
      known.set(agent, bound)
      workspaces.set(workspace, known)
      return () => {
        if (known.get(agent) === bound) known.delete(agent)
      }
    },
    of: (workspace) => workspaces.get(workspace) ?? NONE,
  }
}
