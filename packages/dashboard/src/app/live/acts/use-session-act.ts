import type { SessionOperations } from '@preceptor/client'
import { useQueryClient } from '@tanstack/react-query'
import { problemOf } from '../../data/problem.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { type Act, useAct } from '../../data/use-act.ts'

interface SessionActOptions<Given> {
  readonly does: (sessions: SessionOperations, given: Given) => Promise<unknown>
  readonly says: (given: Given) => string
  readonly onDone: () => void
}

/** Does something to a session; what stands then is read at once, also when somebody else was first. */
export function useSessionAct<Given>({ does, says, onDone }: SessionActOptions<Given>): Act<Given> {
  const { scope } = useSignedIn()
  const client = useQueryClient()
  const readAgain = (): void => void client.invalidateQueries({ queryKey: ['sessions'] })
  return useAct({
    does: (given: Given) =>
      does(scope.sessions, given).catch((error: unknown) => {
        if (problemOf(error).isConflict) readAgain()
        throw error
      }),
    says: (_, given) => says(given),
    onDone: () => {
      readAgain()
      onDone()
    },
  })
}
