import type { CallToolResult, Tool as DescribedTool, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js'
import { type ControlScope, GovernanceError, type JsonObject } from '@preceptor/client'
import { z } from 'zod'
import { errorResult } from './error-result.ts'
import type { PersonAtClient } from './person-at-client.ts'
import type { FeedbackTaker } from './tools/feedback-taker.ts'
import type { WatchedRuns } from './watched-runs.ts'

/** What a tool works with: the gate as its caller may use it, and the call itself. */
export interface ToolCall {
  readonly scope: ControlScope
  readonly runs: WatchedRuns
  /** Counts an attempt for an agent. @throws GovernanceError `RATE_LIMITED` */
  readonly admit: (agent: string) => Promise<void> | undefined
  /** Digests of the actions that the host declared, by name. */
  readonly digests: () => Promise<ReadonlyMap<string, string>>
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal
  /** The person at the client, where the credential is that of a person who may decide. */
  readonly person: PersonAtClient | undefined
  /** Where feedback goes; not there where the host takes none. */
  readonly feedback?: FeedbackTaker['feedback'] | undefined
  /** Tells the client that the call goes on, where it asked to be told. */
  readonly progress: (seconds: number, total: number) => Promise<void>
}

/** One tool: plain data, and what it does. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: Required<Omit<ToolAnnotations, 'title'>>
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly handle: (input: unknown, call: ToolCall) => Promise<object>
}

interface Declaration<Input, Output extends object> extends Omit<Tool, 'input' | 'output' | 'handle'> {
  readonly input: z.ZodType<Input>
  readonly output: z.ZodType<Output>
  readonly handle: (input: Input, call: ToolCall) => Promise<Output>
}

/** What only looks. */
export const READS: Tool['annotations'] = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}

/** Declares a tool; its input is parsed before it is called. */
export function declareTool<Input, Output extends object>(declaration: Declaration<Input, Output>): Tool {
  const { input, handle } = declaration
  return { ...declaration, handle: async (value, call) => handle(parse(input, value), call) }
}

/** A tool as a client is told of it. */
export function describeTool({ name, title, description, annotations, input, output }: Tool): DescribedTool {
  return {
    name,
    title,
    description,
    annotations,
    inputSchema: toSchema(input, 'input'),
    outputSchema: toSchema(output, 'output'),
  }
}

/** Calls a tool; whatever stands in the way is an answer that says what to do. */
export async function callTool(tool: Tool, value: unknown, call: ToolCall): Promise<CallToolResult> {
  try {
    // Answers are resources, which are plain data.
    const answer = (await tool.handle(value ?? {}, call)) as JsonObject
    return { structuredContent: answer, content: [{ type: 'text', text: JSON.stringify(answer) }] }
  } catch (error) {
    return errorResult(error)
  }
}

/** Clients compile these with draft 7, as the protocol was made with it. */
function toSchema(schema: z.ZodType, io: 'input' | 'output'): { [key: string]: unknown; type: 'object' } {
  return { ...z.toJSONSchema(schema, { target: 'draft-7', io }), type: 'object' }
}

/** Names the fields that are wrong, never their values: they may be secrets. */
function parse<Input>(schema: z.ZodType<Input>, value: unknown): Input {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.slice(0, 10).map((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 5).map((key) => key.slice(0, 40)) : []
    const where = ['arguments', ...issue.path.map((key) => String(key).slice(0, 40))].join('.')
    return keys.length > 0 ? `${where}: unknown ${JSON.stringify(keys)}.` : `${where}: ${issue.message}.`
  })
  throw new GovernanceError('INPUT_INVALID', { message: problems.join(' ') })
}
