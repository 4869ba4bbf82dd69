/** The small controls that stand in many places: buttons with an icon, drop-down lists, choices of one. */
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';

/**
 * The name of a text field for those who cannot see it. As an attribute it would be lost: when the field of the toolkit
 * is connected, it names itself after its content.
 */
export function named(label: string): ReturnType<typeof ref> {
  return ref((field) => {
    if (field) queueMicrotask(() => field.setAttribute('aria-label', label));
  });
}

/** A button that is an icon. */
export function iconButton(
  name: string,
  label: string,
  click: () => void,
  { on, disabled = false, slot }: { on?: boolean; disabled?: boolean; slot?: string } = {},
): TemplateResult {
  return html`<vscode-button
    appearance="icon"
    class="icon-button ${on ? 'on' : ''}"
    slot=${slot ?? nothing}
    title=${label}
    aria-label=${label}
    aria-pressed=${on === undefined ? nothing : on}
    ?disabled=${disabled}
    @click=${click}
  >
    <span class="codicon codicon-${name}"></span>
  </vscode-button>`;
}

/** A button with words, and an icon before them if one is given. @param key that does the same. */
export function textButton(
  label: string,
  click: () => void,
  icon?: string,
  disabled = false,
  key?: string,
): TemplateResult {
  const title = key === undefined ? nothing : `${label} (${key})`;
  return html`<vscode-button appearance="secondary" title=${title} ?disabled=${disabled} @click=${click}
    >${label}${icon ? html`<span slot="start" class="codicon codicon-${icon}"></span>` : nothing}</vscode-button
  >`;
}

/** A drop-down list. @param choices value and label of each. */
export function dropdown(
  label: string,
  choices: readonly (readonly [value: string, label: string])[],
  value: string,
  change: (value: string) => void,
): TemplateResult {
  return html`<vscode-dropdown
    aria-label=${label}
    .value=${value}
    @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}
  >
    ${choices.map(([choice, text]) => html`<vscode-option value=${choice} ?selected=${choice === value}>${text}</vscode-option>`)}
  </vscode-dropdown>`;
}

/** A box to tick. */
export function checkbox(label: unknown, checked: boolean, change: () => void): TemplateResult {
  // The control fires `change` for its own setting too; only what the user does counts.
  const onChange = (event: Event) => {
    if ((event.target as HTMLInputElement).checked !== checked) change();
  };
  return html`<vscode-checkbox .checked=${checked} @change=${onChange}>${label}</vscode-checkbox>`;
}

/** One of a few: a row of words of which one is on. */
export function segments<Value extends string>(
  label: string,
  choices: readonly (readonly [value: Value, label: string])[],
  value: Value,
  choose: (value: Value) => void,
  role: 'radio' | 'tab' = 'radio',
): TemplateResult {
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = choices.findIndex(([choice]) => choice === value);
    const next = choices[(at + step + choices.length) % choices.length];
    event.preventDefault();
    choose(next[0]);
    const row = (event.currentTarget as HTMLElement).parentElement;
    requestAnimationFrame(() => row?.querySelector<HTMLElement>('.segment.on')?.focus());
  };
  return html`<span class="segments" role=${role === 'tab' ? 'tablist' : 'radiogroup'} aria-label=${label}>
    ${choices.map(([choice, text]) => {
      const on = choice === value;
      return html`<button
        class="segment ${on ? 'on' : ''}"
        role=${role}
        tabindex=${on ? 0 : -1}
        aria-checked=${role === 'radio' ? on : nothing}
        aria-selected=${role === 'tab' ? on : nothing}
        data-choice=${choice}
        @click=${() => choose(choice)}
        @keydown=${move}
      >
        ${text}
      </button>`;
    })}
  </span>`;
}
