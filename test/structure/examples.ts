import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { documentationOf, publicNames } from './public-names.ts'
import { nodesOf, ROOT } from './sources.ts'

/** A code block from the documentation of a public name. */
export interface Example {
  /** Where it comes from, such as `@preceptor/client GovernanceError`. */
  readonly of: string
  readonly code: string
}

// What the surrounding text of an example speaks of; an example that declares one of these itself hides it.
const SURROUNDINGS = `import type { Governor, Principal, Scope, Trigger } from '@preceptor/client'
declare global {
  const governor: Governor
  const scope: Scope
  const principal: Principal
  const trigger: Trigger
}
`

// What the fragments on a page speak of: names that the text around them has introduced.
const PAGE_SURROUNDINGS = `import type { EmbeddedGovernor } from '@preceptor/core'
import type { Hono } from 'hono'
import type { GovernanceEnv } from '@preceptor/hono-middleware'
import type { ReactAgent } from 'langchain'
import type { ZodObject, ZodInt } from 'zod'
declare global {
  const governor: EmbeddedGovernor
  const scope: import('@preceptor/client').ControlScope
  const createGovernor: typeof import('@preceptor/core').createGovernor
  const defineActions: typeof import('@preceptor/core').defineActions
  const createWorker: typeof import('@preceptor/worker').createWorker
  const onSettled: typeof import('@preceptor/client').onSettled
  const governanceMiddleware: typeof import('@preceptor/langchain-callback').governanceMiddleware
  const GovernanceCallbackHandler: typeof import('@preceptor/langchain-callback').GovernanceCallbackHandler
  const continueThread: typeof import('@preceptor/langchain-callback').continueThread
  const guardedCall: typeof import('@preceptor/langchain-callback').guardedCall
  const identify: typeof import('@preceptor/hono-middleware').identify
  const governance: typeof import('@preceptor/hono-middleware').governance
  const governanceApi: typeof import('@preceptor/hono-middleware').governanceApi
  const dashboard: typeof import('@preceptor/dashboard').dashboard
  const createAgent: typeof import('langchain').createAgent
  const Command: typeof import('@langchain/langgraph').Command
  const app: Hono<GovernanceEnv>
  const endpoint: ReturnType<typeof import('@preceptor/mcp-server').createMcpEndpoint>
  const agent: ReactAgent
  const legacy: ReactAgent
  const model: import('@langchain/openai').ChatOpenAI
  const refund: import('@langchain/core/tools').DynamicStructuredTool & ((args: unknown) => object)
  const search: import('@langchain/core/tools').DynamicStructuredTool
  const tools: import('@langchain/core/tools').DynamicStructuredTool[]
  const RefundSchema: ZodObject<{ cents: ZodInt }>
  const createRefund: (...args: readonly unknown[]) => Promise<string>
  const input: { messages: string }
  const question: { messages: string }
  const thread_id: string
  const reviewer: import('@preceptor/client').Identity
  const credential: string
  const database: string
  const signal: AbortSignal
  const url: string
}
`

const FENCE = /```(?:ts|typescript)\n([\s\S]*?)```/g

/** Comments of a declaration and of everything in it that a reader meets, but for the insides of functions. */
function commentsOf(declaration: ts.Declaration): ts.JSDoc[] {
  const members = [...nodesOf(declaration)].filter((node) => ts.isClassElement(node) || ts.isTypeElement(node))
  return [
    ...documentationOf(declaration),
    ...members.flatMap((node) => ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)),
  ]
}

function codeOf(comment: ts.JSDoc): string[] {
  const text = comment.getText().replace(/^[ \t]*\*[ ]?/gm, '')
  return [...text.matchAll(FENCE)].map(([, code = '']) => code)
}

/** Reads every example from the documentation of the public names. */
export function documentedExamples(): Example[] {
  const seen = new Set<ts.JSDoc>()
  return publicNames().flatMap(({ entry, name, declarations }) =>
    declarations.flatMap(commentsOf).flatMap((comment) => {
      if (seen.has(comment)) return []
      seen.add(comment)
      return codeOf(comment).map((code) => ({ of: `${entry} ${name}`, code }))
    }),
  )
}

/** Reads every example of a page. */
export function pageExamples(page: string): Example[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(FENCE)].map(([, code = '']) => ({ of: page, code }))
}

/** Writes examples as modules, with what compiles them, into a folder from which the packages resolve. */
export function writeExamples(examples: readonly Example[], folder: string, { onPage = false } = {}): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  examples.forEach(({ of, code }, index) => {
    writeFileSync(join(folder, `example-${index}.ts`), `// ${of}\n${code}\nexport {}\n`)
  })
  writeFileSync(join(folder, 'surroundings.ts'), onPage ? PAGE_SURROUNDINGS : SURROUNDINGS)
  const options = {
    rootDir: '.',
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    // What LangChain declares of its own middleware does not fit under it, so that no reader of those pages has it on.
    ...(onPage && { exactOptionalPropertyTypes: false }),
  }
  const config = { extends: join(ROOT, 'tsconfig.base.json'), compilerOptions: options, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}
