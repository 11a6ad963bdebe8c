import { type JsonObject, type JsonValue, visibleJson } from '@preceptor/client'
import type { ReactNode } from 'react'

/** JSON in full, indented, each kind of value in its colour; never cut. */
export function JsonView({ value }: { readonly value: JsonValue }): ReactNode {
  return (
    <pre className="json">
      <Value value={value} indent="" />
    </pre>
  )
}

function Value({ value, indent }: { readonly value: JsonValue; readonly indent: string }): ReactNode {
  if (typeof value !== 'object' || value === null) {
    const kind = value === null ? 'null' : typeof value
    return <span className={`json-${kind}`}>{visibleJson(value)}</span>
  }
  const isList = Array.isArray(value)
  const entries = Object.entries(value as JsonObject)
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (entries.length === 0) return `${open}${close}`
  const inner = `${indent}  `
  return (
    <>
      {`${open}\n`}
      {entries.map(([key, item], index) => (
        <span key={key}>
          {inner}
          {isList ? null : (
            <>
              <span className="json-key">{visibleJson(key)}</span>
              {': '}
            </>
          )}
          <Value value={item} indent={inner} />
          {index < entries.length - 1 ? ',\n' : '\n'}
        </span>
      ))}
      {`${indent}${close}`}
    </>
  )
}
