import { type JsonValue, type PreviewBlock, visibleJson, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { languageTag, useText } from '../text/use-text.ts'
import { CARD } from './card-messages.ts'

/** The preview of an action: data of the agent, shown as plain text whatever it holds. */
export function PreviewBlocks({ blocks }: { readonly blocks: readonly PreviewBlock[] }): ReactNode {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        // Blocks have no ids, and their order is what tells them apart.
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is the identity
        <Block key={index} block={block} />
      ))}
    </div>
  )
}

function Block({ block }: { readonly block: PreviewBlock }): ReactNode {
  const t = useText(CARD)
  switch (block.kind) {
    case 'kv':
      return <Pairs items={block.items} />
    case 'text':
      return <p className="block-text">{visibleText(block.text)}</p>
    case 'diff':
      return <Before before={block.before} after={block.after} />
    case 'code':
      return <Code text={block.code} />
    case 'table':
      return <Table columns={block.columns} rows={block.rows} />
    case 'money':
      return (
        <p className="block-money">
          {block.label === undefined ? null : <span className="muted">{visibleText(block.label)} </span>}
          <strong>{moneyText(block.amount, block.currency)}</strong>
        </p>
      )
    case 'recipients':
      return (
        <ul className="recipients" aria-label={t('recipients')}>
          {block.items.map((item) => (
            <li key={item}>{visibleText(item)}</li>
          ))}
        </ul>
      )
    case 'link':
      // An address of an agent is read, not followed: nothing here opens it.
      return (
        <p className="block-text">
          {block.label === undefined ? null : `${visibleText(block.label)}: `}
          <code>{visibleText(block.url)}</code>
        </p>
      )
    case 'warning':
      return (
        <p className="note note-warn">
          {t.rich('warning', { text: visibleText(block.text), b: (parts) => <strong>{parts}</strong> })}
        </p>
      )
    default:
      return <Code text={JSON.stringify(block satisfies never, null, 2)} />
  }
}

function Pairs({ items }: { readonly items: readonly { readonly label: string; readonly value: JsonValue }[] }) {
  const t = useText(CARD)
  if (items.length === 0) return <p className="muted">{t('noArguments')}</p>
  return (
    <dl className="pairs">
      {items.map(({ label, value }) => (
        <div key={label} className="pair">
          <dt>{visibleText(label)}</dt>
          <dd>{valueText(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Table({ columns, rows }: Omit<TableBlock, 'kind'>): ReactNode {
  const t = useText(CARD)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which takes a keyboard, too
    <section className="scroll" tabIndex={0} aria-label={t('table')}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {visibleText(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no ids
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={columns[column] ?? column}>{valueText(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

type TableBlock = Extract<PreviewBlock, { kind: 'table' }>

function Before({ before, after }: { readonly before: string; readonly after: string }): ReactNode {
  const t = useText(CARD)
  return (
    <div className="changes">
      <div className="change">
        <pre className="change-before">
          <span className="visually-hidden">{t('before')} </span>
          {prefixed(visibleText(before), '− ')}
        </pre>
        <pre className="change-after">
          <span className="visually-hidden">{t('after')} </span>
          {prefixed(visibleText(after), '+ ')}
        </pre>
      </div>
    </div>
  )
}

function Code({ text }: { readonly text: string }): ReactNode {
  return <pre className="json">{visibleText(text)}</pre>
}

const prefixed = (text: string, sign: string): string =>
  text
    .split('\n')
    .map((line) => sign + line)
    .join('\n')

const valueText = (value: JsonValue): string => (typeof value === 'string' ? visibleText(value) : visibleJson(value, 2))

/** An amount in minor units, in words of its currency; as it came where the currency is none. */
function moneyText(amount: number, currency: string): string {
  try {
    const format = new Intl.NumberFormat(languageTag(), { style: 'currency', currency })
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2
    return format.format(amount / 10 ** digits)
  } catch {
    return `${amount} ${currency}`
  }
}
