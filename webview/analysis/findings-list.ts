/** What was found in a file that somebody may want to change, each with what to do. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Finding } from '../../src/analysis-protocol.js';
import { nameText, t } from '../strings.js';

const ICONS: Readonly<Record<Finding['severity'], string>> = { error: 'error', warning: 'warning', info: 'info' };

/** The list; @param choose is told which finding is to be looked at. */
export function findingsList(
  findings: readonly Finding[] | undefined,
  choose: (finding: Finding) => void,
): TemplateResult {
  const severities: Readonly<Record<Finding['severity'], string>> = {
    error: t('Error'),
    warning: t('Warning'),
    info: t('Information'),
  };
  return html`<section class="findings" id="analysis-findings" aria-label=${t('Findings')}>
    <h2>${t('Findings')}${findings && findings.length > 0 ? html` <span class="badge">${findings.length}</span>` : nothing}</h2>
    ${
      findings === undefined
        ? html`<p class="dim">${t('They are looked for when everything else is counted.')}</p>`
        : findings.length === 0
          ? html`<p class="dim">${t('Nothing stands out.')}</p>`
          : html`<ul class="finding-list">
              ${findings.map(
                (finding) => html`<li class="finding" data-code=${finding.code}>
                  <span
                    class="codicon codicon-${ICONS[finding.severity]} ${finding.severity}"
                    role="img"
                    aria-label=${severities[finding.severity]}
                    title=${severities[finding.severity]}
                  ></span>
                  <span class="finding-text"
                    >${nameText(finding.title)} <span class="dim">${nameText(finding.advice)}</span></span
                  >
                  ${
                    finding.filter || finding.offset !== null
                      ? html`<button class="link finding-show" @click=${() => choose(finding)}>
                          ${finding.filter ? t('Show the keys') : t('Show in the file')}
                        </button>`
                      : nothing
                  }
                </li>`,
              )}
            </ul>`
    }
  </section>`;
}
