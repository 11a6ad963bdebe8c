import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'
import './styles/pages.css'
import './styles/inbox.css'
import './styles/card.css'
import './styles/decide.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { applyPreferences } from './data/preferences.ts'
import { App } from './shell/app.tsx'

applyPreferences()
const place = document.getElementById('app')
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
