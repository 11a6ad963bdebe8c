import { GovernanceError, type JsonObject, type PolicyVersion } from '@preceptor/client'
import { useMemo, useState } from 'react'
import { isObject } from '../data/is-object.ts'
import { type JsonFault, type JsonReading, lineAt, readJson } from './read-json.ts'

/** What is wrong with a text, at its place. */
export interface DraftProblem {
  readonly fault: JsonFault | 'object' | null
  /** What the server says of it, where it does. */
  readonly said: string | null
  readonly line: number
  readonly column: number
  readonly at: number
}

/** A policy as it is written. */
export interface PolicyDraft {
  readonly text: string
  readonly document: JsonObject | null
  readonly problems: readonly DraftProblem[]
  setText(text: string): void
  /** Says what the server refused; it stands until the text changes. */
  refuse(error: unknown): void
}

/** What somebody makes of a policy, as text. */
export function usePolicyDraft(present: PolicyVersion): PolicyDraft {
  const [text, setText] = useState(() => textOfPolicy(present.document))
  const [refused, setRefused] = useState<readonly string[]>([])
  const reading = useMemo(() => readJson(text), [text])
  const document = 'value' in reading && isObject(reading.value) ? reading.value : null
  return {
    text,
    document,
    problems: problemsOf(text, reading, refused),
    setText(next) {
      setText(next)
      setRefused([])
    },
    refuse: (error) => setRefused(refusalsOf(error)),
  }
}

/** The text of a document. */
export function textOfPolicy(document: JsonObject): string {
  return JSON.stringify(document, null, 2)
}

/** What the server says of the fields, each with its path; empty for an error that is not about them. */
export function refusalsOf(error: unknown): readonly string[] {
  if (!GovernanceError.isInstance(error) || error.code !== 'POLICY_INVALID') return []
  const { problems } = error.details
  return Array.isArray(problems) ? problems.map(String) : []
}

/** What is wrong with a text: that it is no JSON, or what the server said of its fields, each at its line. */
export function problemsOf(text: string, reading: JsonReading, refused: readonly string[]): readonly DraftProblem[] {
  if ('problem' in reading) return [{ ...reading.problem, said: null }]
  if (!isObject(reading.value)) return [{ fault: 'object', said: null, line: 1, column: 1, at: 0 }]
  return refused.map((said) => {
    const at = placeOf(reading.places, said.split(': ', 1).join(''))
    return { fault: null, said, at, ...lineAt(text, at) }
  })
}

/** A field that is missing stands at what it is missing from. */
function placeOf(places: ReadonlyMap<string, number>, path: string): number {
  const known = places.get(path)
  if (known !== undefined || path === '') return known ?? 0
  return placeOf(places, path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '')
}
