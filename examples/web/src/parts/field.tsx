import { type InputHTMLAttributes, useId } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  hint?: string;
  /** What the gateway finds wrong with it. */
  issue?: string;
}

/** An input that has to be filled in, with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, issue, ...input }: FieldProps) {
  const id = useId();
  const note = issue ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input required {...input} id={id} aria-invalid={!!issue} aria-describedby={note && `${id}-note`} />
      {note && (
        <small id={`${id}-note`} className={issue && 'failure'}>
          {note}
        </small>
      )}
    </div>
  );
}
