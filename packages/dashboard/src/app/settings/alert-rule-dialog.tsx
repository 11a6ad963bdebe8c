import type { AlertPreview, AlertRule } from '@preceptor/client'
import { visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { ALERTS } from '../alerts/alerts-messages.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { TextField } from '../ui/text-field.tsx'
import { ALERT_RULES } from './alert-messages.ts'
import { numbersOf, wholeWithin } from './alert-numbers.ts'

type Key = keyof typeof ALERT_RULES.english

/** Changes a rule within its bounds, and shows before what it would raise. */
export function AlertRuleDialog({
  rule,
  onClose,
}: {
  readonly rule: AlertRule
  readonly onClose: () => void
}): ReactNode {
  const t = useText(ALERT_RULES)
  const name = useText(ALERTS)
  const { scope } = useSignedIn()
  const [isOn, setOn] = useState<'on' | 'off'>(rule.isOn ? 'on' : 'off')
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(rule.thresholds.map(({ name: one, value }) => [one, String(value)])),
  )
  const numbers = numbersOf(rule.thresholds, texts)
  const change = useAct<string, AlertRule>({
    does: (reason) =>
      scope.alerts.changeRule(rule.code, {
        isOn: isOn === 'on',
        thresholds: numbers ?? {},
        basedOn: rule.revision,
        reason,
      }),
    says: () => t('saved'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('changeTitle', { alert: name(rule.code) })}
      description={t('changeEffect')}
      confirm={{ label: t('save') }}
      asksReason
      isReady={numbers !== undefined}
      isBusy={change.isBusy}
      error={change.error}
      onConfirm={change.run}
      onClose={onClose}
    >
      {rule.canTurnOff ? (
        <ChoiceChips<'on' | 'off'>
          legend={t('isOn')}
          options={[
            ['on', t('on')],
            ['off', t('off')],
          ]}
          value={isOn}
          onChange={setOn}
        />
      ) : (
        <p className="muted small">{t('alwaysWhy')}</p>
      )}
      <Numbers rule={rule} texts={texts} onTexts={setTexts} />
      {rule.thresholds.length === 0 ? null : <Preview code={rule.code} numbers={numbers} />}
    </AskDialog>
  )
}

interface NumbersProps {
  readonly rule: AlertRule
  readonly texts: Readonly<Record<string, string>>
  readonly onTexts: (texts: Readonly<Record<string, string>>) => void
}

/** A field for each number, with its bounds. */
function Numbers({ rule, texts, onTexts }: NumbersProps): ReactNode {
  const t = useText(ALERT_RULES)
  return rule.thresholds.map((threshold) => {
    const { name, min, max, default: usual } = threshold
    const text = texts[name] ?? ''
    const own = `${rule.code}.${name}`
    return (
      <TextField
        key={name}
        label={t((Object.hasOwn(ALERT_RULES.english, own) ? own : name) as Key)}
        hint={`${t('bounds', { min, max })} · ${t('usual', { value: usual })}`}
        value={text}
        inputMode="numeric"
        problem={wholeWithin(threshold, text) === undefined ? t('wrong', { min, max }) : undefined}
        onChange={(value) => onTexts({ ...texts, [name]: value })}
      />
    )
  })
}

interface PreviewProps {
  readonly code: AlertRule['code']
  readonly numbers: Readonly<Record<string, number>> | undefined
}

function Preview({ code, numbers }: PreviewProps): ReactNode {
  const t = useText(ALERT_RULES)
  const { scope } = useSignedIn()
  const [found, setFound] = useState<AlertPreview | null>(null)
  const preview = useAct<void, AlertPreview>({
    does: () => scope.alerts.previewRule(code, { thresholds: numbers ?? {} }),
    says: ({ count }) => t('previewed', { count }),
    onDone: setFound,
  })
  return (
    <div className="stack tight">
      <p>
        <Button disabled={numbers === undefined || preview.isBusy} onClick={() => preview.run()}>
          {t('preview')}
        </Button>
      </p>
      {found === null ? null : (
        <>
          <p>{t('previewed', { count: found.count })}</p>
          <ul className="small">
            {found.causes.slice(0, 3).map(({ subjectId, message }) => (
              <li key={subjectId} className="agent-text">
                <code>{visibleText(subjectId)}</code> {visibleText(message)}
              </li>
            ))}
          </ul>
        </>
      )}
      {preview.error === null ? null : <ProblemNote error={preview.error} />}
    </div>
  )
}
