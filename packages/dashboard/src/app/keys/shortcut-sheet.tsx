import { Dialog } from '@base-ui/react/dialog'
import { Fragment, type ReactNode } from 'react'
import { setPreferences, usePreferences } from '../data/preferences.ts'
import { Button } from '../ui/button.tsx'
import { MOD } from './use-keys.ts'

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['J or ↓', 'Next proposal'],
  ['K or ↑', 'Previous proposal'],
  ['Enter', 'Open the selected proposal'],
  [`${MOD} Enter`, 'Approve, then confirm'],
  ['E', 'Edit the arguments'],
  ['R', 'Reject'],
  ['Q', 'Answer instead of the action'],
  ['H', 'Snooze'],
  ['A', 'Assign'],
  ['C', 'Comment'],
  ['V', 'Preview, JSON, changes'],
  ['Y', 'Copy the link'],
  ['G then I', 'Inbox'],
  ['G then N', 'Analytics'],
  ['/', 'Filter'],
  ['?', 'This sheet'],
  ['Esc', 'Back'],
]

/** The map of the keyboard, and the switch that turns single keys off. */
export function ShortcutSheet(props: { readonly isOpen: boolean; readonly onClose: () => void }): ReactNode {
  const { shortcuts } = usePreferences()
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Keyboard</Dialog.Title>
          <Dialog.Description className="muted">No single key ever approves.</Dialog.Description>
          <dl className="keys">
            {KEYS.map(([keys, what]) => (
              <Fragment key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </Fragment>
            ))}
          </dl>
          <label className="check">
            <input
              type="checkbox"
              checked={shortcuts}
              onChange={(event) => setPreferences({ shortcuts: event.target.checked })}
            />
            Single keys act
          </label>
          <div className="dialog-actions">
            <Dialog.Close render={<Button kind="plain">Close</Button>} />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
