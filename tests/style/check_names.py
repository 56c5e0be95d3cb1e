"""check_names.py ROOT: docs/malet_names.md has a row for every public name of malet.experiment, and every row a
test that is there: a file, and the texts in quotes behind it are in that file."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
PAGE = ROOT / "docs" / "malet_names.md"

MEMBERS = {
    "ConfigIter": "exp_config_path static_configs grid_fields grid grid_iter filter_iter filt_fn grid_dict "
                  "field_type field",
    "ExperimentLog": "df static_configs logs_file use_filelock grid_fields metric_fields all_fields grid_dict "
                     "from_fields from_config_iter from_tsv from_wandb_sweep parse_tsv lock_file load_tsv to_tsv "
                     "add_result derive_field drop_fields rename_fields resolve_merge_conflicts merge merge_tsv "
                     "merge_folder isin get_metric is_same_exp drop_duplicates melt_and_explode_metric",
    "RunInfo": "prev_duration infos get update_and_get",
    "Experiment": "name configs log infos get_paths get_metric_info update_log run resplit_logs "
                  "set_log_status_as_failed",
}
ARGUMENTS = ("config_iter parse_str log_file log_files entity project sweep_ids get_all_steps filter_dict get_metrics "
             "configs new_field_name fn fn_arg_fields is_index field_names name_map other others same save_path "
             "logs_path config df step dropna exp_folder_path exp_func exp_metrics total_splits curr_split "
             "configs_save checkpoint filelock timeout exp_folder split status metric_dict target_split "
             "save_backup ExpFunc get_log_checkpoint").split()
NOTES = ("ConfigDict", "expansion", "group", "FileNotFoundError", "ValueError", "multi-index", "races", "splitting",
         "queueing", "resumes", "checkpointing", "timeout leaves running", "Ten passes")


def rows(text):
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and cells[0] not in ("Malet", "---"):
            yield cells


def complaints(table):
    names = [cells[0] for cells in table]
    for owner, members in MEMBERS.items():
        for member in members.split():
            own = rf"\b{owner}(\.{member}\b|\(.*\b{member}\b)|\.\w+\(.*\b{member}\b"
            if not any(re.search(own, name) for name in names):
                yield f"{owner}.{member} has no row"
    for argument in ARGUMENTS:
        if not any(re.search(rf"\b{argument}\b", name) for name in names):
            yield f"the argument {argument} has no row"
    for note in NOTES:
        if not any(note in name for name in names):
            yield f"the note on {note} has no row"
    for cells in table:
        yield from missing_tests(cells)


def missing_tests(cells):
    tests = re.findall(r'`([^`]+)`((?:\s*"[^"]+")*)', cells[4])
    if not tests:
        yield f"{cells[0]}: no test is named"
    for path, titles in tests:
        if not titles.strip():
            yield f"{cells[0]}: no test of {path} is named"
    for path, titles in tests:
        file = ROOT / path
        if not file.is_file():
            yield f"{cells[0]}: there is no {path}"
            continue
        for title in re.findall(r'"([^"]+)"', titles):
            if title not in file.read_text():
                yield f"{cells[0]}: {path} has no '{title}'"


def main():
    table = list(rows(PAGE.read_text()))
    found = list(complaints(table))
    print(f"{len(table)} rows", *found, sep="\n")
    sys.exit(1 if found or not table else 0)


if __name__ == "__main__":
    main()
