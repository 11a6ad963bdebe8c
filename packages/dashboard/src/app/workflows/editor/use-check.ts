import type { JsonObject } from '@preceptor/client'
import type { DefinitionProblem, WorkflowDefinition } from '@preceptor/orchestration/client'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { useOrchestration } from '../use-orchestration.ts'
import { EDITOR } from './editor-messages.ts'
import { inWords, shownProblems } from './shown-problems.ts'
import { useSettled } from './use-settled.ts'

/** What the server says of a definition. */
export interface Check {
  readonly isChecking: boolean
  readonly problems: readonly DefinitionProblem[]
  readonly error: unknown
}

/** What the server finds wrong, asked for once somebody stops typing. */
export function useCheck(definition: JsonObject): Check {
  const { workflows } = useOrchestration()
  const settled = useSettled(definition, 400)
  const { data, error, isFetching } = useQuery({
    queryKey: ['validation', settled],
    // The server says what of it is no definition.
    queryFn: () => workflows.validate(settled as unknown as WorkflowDefinition),
    placeholderData: (before) => before,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  })
  const problems = data?.problems
  return useMemo(
    () => ({ isChecking: isFetching || settled !== definition, problems: problems ?? [], error }),
    [isFetching, settled, definition, problems, error],
  )
}

/** What is told of a definition by now. */
export interface Told {
  readonly problems: readonly DefinitionProblem[]
  /** How often somebody tried to save what cannot be saved. */
  readonly tries: number
  /** Somebody wrote at a place. */
  touch(place: string): void
  /** Somebody tries to save it. */
  attempt(): void
}

interface Written {
  readonly definition: JsonObject
  readonly begin: JsonObject
  /** Nothing of it was ever saved: what is missing is no mistake before somebody tries to. */
  readonly isNew: boolean
}

/** Tells what is wrong where somebody wrote, and all of it once they try to save. */
export function useTold(check: Check, { definition, begin, isNew }: Written): Told {
  const t = useText(EDITOR)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [tries, setTries] = useState(0)
  const isWhole = !isNew || tries > 0
  const problems = useMemo(() => {
    const told = isWhole ? check.problems : shownProblems(check.problems, { definition, begin, touched })
    return inWords(told, definition, t('needed'))
  }, [isWhole, check.problems, definition, begin, touched, t])
  const touch = useCallback(
    (place: string) => setTouched((known) => (known.has(place) ? known : new Set([...known, place]))),
    [],
  )
  return {
    problems,
    tries,
    touch,
    attempt: () => setTries((count) => count + 1),
  }
}
