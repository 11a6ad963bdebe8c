import { getContextVariable, registerConfigureHook, setContextVariable } from '@langchain/core/context'
import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons'
import { currentLineage, type Lineage, withLineage } from './lineage.ts'
import { ToolStartHandler } from './tool-start-handler.ts'

const VARIABLE = 'preceptor.nested_gate'
const handler = new ToolStartHandler('preceptor_nested_gate', currentLineage)

/**
 * Runs a function so that every tool which starts inside it, however deep and with whatever config, meets the gate:
 * LangChain takes the handler from the async context, and the handler takes the gate from the lineage.
 */
export function runInside<T>(lineage: Lineage, run: () => T): T {
  const storage = AsyncLocalStorageProviderSingleton.getInstance()
  // The variable is set inside a run of its own, so that it ends with the function.
  return storage.run(storage.getStore(), () => {
    if (getContextVariable(VARIABLE) === undefined) registerConfigureHook({ contextVar: VARIABLE, inheritable: true })
    setContextVariable(VARIABLE, handler)
    return withLineage(lineage, run)
  })
}
