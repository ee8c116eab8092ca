/** `dayline completion`: what a shell needs to complete our commands, options and values; from commander's own tree. */
import type { Command, Option } from 'commander';
import { say } from './language.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export const COMPLETION_EXAMPLES = say(
  `
Examples, for where \`dayline\` is on the PATH (npm link):
  bash:  dayline completion bash >> ~/.bashrc
  zsh:   dayline completion zsh >> ~/.zshrc      (after compinit)
  fish:  dayline completion fish > ~/.config/fish/completions/dayline.fish`,
  `
示例（\`dayline\` 需在 PATH 中，例如 npm link）：
  bash:  dayline completion bash >> ~/.bashrc
  zsh:   dayline completion zsh >> ~/.zshrc      （在 compinit 之后）
  fish:  dayline completion fish > ~/.config/fish/completions/dayline.fish`,
);

/** The jobs that schedules know (contract-scheduler.md); test/cli/completion.test.ts holds them to src/sync/jobs.ts. */
const JOB_IDS = [
  'sync_daily_history',
  'sync_daily_by_date',
  'sync_history_finance',
  'sync_incremental_finance',
  'sync_concept_data',
  'sync_stock_basic',
];

/** A command with the words that lead to it: `schedules run`. */
interface Place {
  path: string;
  command: Command;
}

/** @param datasets names that stand where a dataset is asked for */
export function completionScript(program: Command, shell: Shell, datasets: readonly string[]): string {
  const places = placesOf(program);
  const head = `# Completion of dayline. Made by: dayline completion ${shell}\n`;
  if (shell === 'fish') return head + fishScript(places, datasets);
  // zsh understands bash's way once it is told to
  const first = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
  return head + first + bashScript(places, datasets);
}

function placesOf(command: Command, path = ''): Place[] {
  const below = command.commands.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim()));
  return [{ path, command }, ...below];
}

const optionsOf = ({ command }: Place): Option[] => [...command.createHelp().visibleOptions(command)];
const isAsked = ({ command }: Place, name: RegExp): boolean =>
  command.registeredArguments.some((argument) => name.test(argument.name()));

/** What can stand at a place that is no option. `$datasets` is a variable of the script. */
function wordsOf(place: Place): string[] {
  const words = place.command.commands.map((child) => child.name());
  for (const { argChoices } of place.command.registeredArguments) words.push(...(argChoices ?? []));
  if (isAsked(place, /^datasets?$/)) words.push('$datasets');
  if (isAsked(place, /^job_id$/)) words.push(...JOB_IDS);
  return words;
}

function bashScript(places: readonly Place[], datasets: readonly string[]): string {
  const named = places.filter(({ path }) => path !== '');
  const steps = named.map(
    ({ path }) => `      '${path.includes(' ') ? '' : ' '}${path}') place='${path}' ;;`,
  );
  const values = places.flatMap((place) =>
    optionsOf(place)
      .filter(({ required, optional }) => required || optional)
      .map(
        ({ long, argChoices }) => `    '${place.path} ${long}') words='${(argChoices ?? []).join(' ')}' ;;`,
      ),
  );
  const all = places.map((place) => {
    const options = optionsOf(place).map(({ long }) => long);
    return `      '${place.path}') words="${wordsOf(place).join(' ')}"; options='${options.join(' ')}' ;;`;
  });
  return `_dayline() {
  local datasets='${datasets.join(' ')}'
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local place='' words='' options='' n
  for ((n = 1; n < COMP_CWORD; n++)); do
    case "$place \${COMP_WORDS[n]}" in
${steps.join('\n')}
    esac
  done
  case "$place $before" in
${values.join('\n')}
    *) case "$place" in
${all.join('\n')}
    esac ;;
  esac
  [[ $current == -* ]] && words=$options
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _dayline dayline
`;
}

function fishScript(places: readonly Place[], datasets: readonly string[]): string {
  const lines = places.flatMap((place) => {
    const when = condition(place.path);
    const line = (rest: string) => `complete -c dayline -f -n '${when}' ${rest}`;
    const values = (words: readonly string[]) => `-xa '${words.join(' ')}'`;
    const options = optionsOf(place).map((option) => {
      const { long, description, required, optional, argChoices } = option;
      const value = required || optional ? ` ${values(argChoices ?? [])}` : '';
      return line(`-l ${long?.slice(2)} -d '${quoted(description)}'${value}`);
    });
    const children = place.command.commands.map((child) =>
      line(`-a ${child.name()} -d '${quoted(child.description())}'`),
    );
    const others = wordsOf(place).filter(
      (word) => !place.command.commands.some((one) => one.name() === word),
    );
    const words = others.flatMap((word) => (word === '$datasets' ? datasets : [word]));
    return [...children, ...options, ...(words.length > 0 ? [line(values(words))] : [])];
  });
  return `${lines.join('\n')}\n`;
}

/** While the command line stands at this command, and at none below it. */
function condition(path: string): string {
  const [first, ...rest] = path.split(' ').filter(Boolean);
  if (first === undefined) return '__fish_use_subcommand';
  const seen = (word: string) => `__fish_seen_subcommand_from ${word}`;
  return [`test (commandline -opc)[2] = ${first}`, ...rest.map(seen)].join('; and ');
}

const quoted = (text: string): string => text.replaceAll("'", "\\'");
