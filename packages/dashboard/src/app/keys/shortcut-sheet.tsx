import { Dialog } from '@base-ui/react/dialog'
import { Fragment, type ReactNode } from 'react'
import { setPreferences, usePreferences } from '../data/preferences.ts'
import { usePages } from '../shell/navigation.tsx'
import { SHELL } from '../shell/shell-messages.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { usePortal } from '../ui/portal.ts'
import { useReturnFocus } from '../ui/return-focus.ts'
import { KEYS } from './keys-messages.ts'
import { MOD } from './use-keys.ts'

/** One key, several at once, or two of which either does it, or that follow each other. */
type Keys = string | readonly [first: string, how: 'either' | 'sequence' | 'to', second: string]

const SHORTCUTS: readonly (readonly [keys: Keys, what: keyof typeof KEYS.english])[] = [
  [['J', 'either', '↓'], 'next'],
  [['K', 'either', '↑'], 'previous'],
  ['Enter', 'open'],
  [`${MOD} Enter`, 'approve'],
  ['E', 'edit'],
  ['R', 'reject'],
  ['Q', 'answer'],
  ['H', 'snooze'],
  ['A', 'assign'],
  ['C', 'comment'],
  ['V', 'views'],
  ['Y', 'copyLink'],
  ['X', 'select'],
  ['Shift X', 'selectTo'],
  ['Space', 'pause'],
  ['Shift T', 'terminate'],
  ['F', 'follow'],
  [['1', 'to', '4'], 'level'],
  [['1', 'to', '3'], 'score'],
  ['/', 'filter'],
  [`${MOD} K`, 'palette'],
  ['?', 'sheet'],
  ['Esc', 'back'],
]

/** The keys after G, for the pages that this host has. */
function useGoRows(): readonly (readonly [keys: string, page: string])[] {
  const shell = useText(SHELL)
  const t = useText(KEYS)
  return usePages().flatMap(({ key, name }) =>
    key === undefined ? [] : [[t('sequence', { first: 'G', second: key.toUpperCase() }), shell(name)] as const],
  )
}

/** The map of the keyboard, and the switch that turns single keys off. */
export function ShortcutSheet(props: { readonly isOpen: boolean; readonly onClose: () => void }): ReactNode {
  const t = useText(KEYS)
  const { shortcuts } = usePreferences()
  const pages = useGoRows()
  const returnFocus = useReturnFocus()
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal container={usePortal()}>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" finalFocus={returnFocus}>
          <Dialog.Title className="dialog-title">{t('title')}</Dialog.Title>
          <Dialog.Description className="muted">{t('noSingleKey')}</Dialog.Description>
          <dl className="keys">
            {SHORTCUTS.map(([keys, what]) => (
              <Fragment key={what}>
                <dt>
                  <kbd>{typeof keys === 'string' ? keys : t(keys[1], { first: keys[0], second: keys[2] })}</kbd>
                </dt>
                <dd>{t(what)}</dd>
              </Fragment>
            ))}
            {pages.map(([keys, page]) => (
              <Fragment key={page}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{page}</dd>
              </Fragment>
            ))}
          </dl>
          <label className="check">
            <input
              type="checkbox"
              checked={shortcuts}
              onChange={(event) => setPreferences({ shortcuts: event.target.checked })}
            />
            {t('singleKeysAct')}
          </label>
          <div className="dialog-actions">
            <Dialog.Close render={<Button kind="plain">{t('close')}</Button>} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
