import type { CataloguedAction, ControlScope, JsonObject, Page } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { useSignedIn } from '../../data/session-context.ts'

/** The schema of the args of an action: null where it takes any or is not known, undefined until that was read. */
export function useActionSchema(action: string): JsonObject | null | undefined {
  const { scope } = useSignedIn()
  const { data, isError } = useQuery({
    queryKey: ['actions', 'schema', action],
    queryFn: () => readSchema(scope, action),
  })
  return isError ? null : data
}

/** Looks through the catalogue; where releases differ in the schema of the action, what stands in the args decides. */
async function readSchema(scope: ControlScope, action: string): Promise<JsonObject | null> {
  const found: CataloguedAction[] = []
  let cursor: string | null = null
  do {
    const page: Page<CataloguedAction> = await scope.actions.list({
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    })
    found.push(...page.items.filter(({ name }) => name === action))
    cursor = page.next
  } while (cursor !== null)
  const [only, another] = found
  return another === undefined ? (only?.args ?? null) : null
}
