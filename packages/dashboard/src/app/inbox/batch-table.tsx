import { type JsonValue, type Proposal, type ProposalBatchItem, visibleJson, visibleText } from '@preceptor/client'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useText } from '../text/use-text.ts'
import { StateBadge } from '../ui/badges.tsx'
import { batchColumns } from './batch-columns.ts'
import { INBOX } from './inbox-messages.ts'
import { readInboxSearch } from './inbox-search.ts'

interface BatchTableProps {
  readonly proposals: readonly Proposal[]
  readonly results: ReadonlyMap<string, ProposalBatchItem>
}

/** Each proposal a row, each argument a column, whole; what stands out is marked by a word and a colour. */
export function BatchTable({ proposals, results }: BatchTableProps): ReactNode {
  const t = useText(INBOX)
  const columns = useMemo(() => batchColumns(proposals.map(({ args }) => args)), [proposals])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which takes a keyboard, too
    <section className="table-box" aria-label={t('argument')} tabIndex={0}>
      <table className="table batch-table">
        <caption className="visually-hidden">{t('argument')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('proposal')}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {visibleText(name)}
              </th>
            ))}
            <th scope="col">{t('hash')}</th>
            <th scope="col">{t('result')}</th>
          </tr>
        </thead>
        <tbody>
          {proposals.map((proposal, row) => (
            <tr key={proposal.id}>
              <th scope="row">
                <Link to="/inbox/$proposalId" params={{ proposalId: proposal.id }} search={readInboxSearch}>
                  {proposal.id}
                </Link>
              </th>
              {columns.map(({ name, values, outliers }) => (
                <td key={name} className={outliers[row] === true ? 'batch-outlier' : undefined}>
                  <Cell value={values[row]} />
                  {outliers[row] === true ? <span className="batch-mark">{t('outlier')}</span> : null}
                </td>
              ))}
              <td>
                <code className="hash">{proposal.actionHash}</code>
              </td>
              <td>
                <Result proposal={proposal} result={results.get(proposal.id)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cell({ value }: { readonly value: JsonValue | undefined }): ReactNode {
  if (value === undefined) return <span className="muted">–</span>
  return <span className="agent-text">{typeof value === 'string' ? visibleText(value) : visibleJson(value, 2)}</span>
}

function Result(props: { readonly proposal: Proposal; readonly result: ProposalBatchItem | undefined }): ReactNode {
  const { proposal, result } = props
  if (result?.result === 'refused') return <span className="bad">{result.problem.message}</span>
  return <StateBadge state={result?.result === 'decided' ? result.proposal.state : proposal.state} />
}
