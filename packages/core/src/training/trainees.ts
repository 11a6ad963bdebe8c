import type { Trainee } from '@preceptor/client'

/** The agents that this process can ask, by workspace. */
export interface Trainees {
  /** Sets who answers for an agent, in the workspace `default` unless given; the function that is given takes it away. */
  readonly register: (agent: { readonly workspace?: string; readonly agent: string }, trainee: Trainee) => () => void
  find(agent: { readonly workspace: string; readonly agent: string }): Trainee | undefined
  /** The agents of each workspace that can be asked here. */
  agents(): Iterable<readonly [workspace: string, agents: readonly string[]]>
}

/** Makes an empty registry. */
export function createTrainees(): Trainees {
  const workspaces = new Map<string, Map<string, Trainee>>()
  return {
    register({ workspace = 'default', agent }, trainee) {
      const known = workspaces.get(workspace) ?? new Map<string, Trainee>()
      known.set(agent, trainee)
      workspaces.set(workspace, known)
      return () => {
        if (known.get(agent) === trainee) known.delete(agent)
      }
    },
    find: ({ workspace, agent }) => workspaces.get(workspace)?.get(agent),
    *agents() {
      for (const [workspace, known] of workspaces) if (known.size > 0) yield [workspace, [...known.keys()]]
    },
  }
}
