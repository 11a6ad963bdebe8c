import { useMutation } from '@tanstack/react-query'
import { useAnnounce } from '../ui/announcer.tsx'

/** Something that a button does. */
export interface Act<Given> {
  readonly isBusy: boolean
  /** Why the last one failed; null when it did not. */
  readonly error: unknown
  run(given: Given): void
  /** Forgets the last failure. */
  reset(): void
}

interface ActOptions<Given, Done> {
  readonly does: (given: Given) => Promise<Done>
  /** What is said once it is done; nothing when it is missing. */
  readonly says?: (done: Done, given: Given) => string
  readonly then?: (done: Done, given: Given) => void
  /** The same as `then`, under a name that no promise has. */
  readonly after?: (done: Done, given: Given) => void
}

/** Does something on the server once at a time, and says that it was done; what it changed comes back over the stream. */
export function useAct<Given = void, Done = unknown>({ does, says, then, after }: ActOptions<Given, Done>): Act<Given> {
  const announce = useAnnounce()
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: does,
    networkMode: 'always',
    retry: false,
    onSuccess(done: Done, given: Given) {
      if (says !== undefined) announce(says(done, given))
      then?.(done, given)
      after?.(done, given)
    },
  })
  return { isBusy: isPending, error, run: (given) => void (isPending || mutate(given)), reset }
}
