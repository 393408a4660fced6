/* A toy compiler that verifies its spiller: it keeps every value in a stack slot of its own, lists
 * those that hold live references in the stack map of each call, and prints the function before
 * and after with fprintf, for `stackmap-verify check`.
 *
 *     cc spiller.c -o spiller
 *     ./spiller | stackmap-verify check -          # verified
 *     ./spiller first | stackmap-verify check -    # violated: no map lists `first`
 */
#include <stdio.h>
#include <string.h>

enum { MOST = 4, REGISTERS = 4 };

/* A value is its index here. */
enum { N, FIRST, NIL, I, LIST, CELL, J, RESULT, VALUES };
static const char *const names[VALUES] = {"n", "first", "nil", "i", "list", "cell", "j", "result"};
static const int is_reference[VALUES] = {0, 1, 1, 0, 1, 1, 0, 1};

struct list { int count, at[MOST]; };
struct operation { const char *kind; struct list uses, defs; const char *what; };
struct edge { int target; struct list arguments; };
struct block {
    const char *name;
    struct list params;
    int operation_count;
    struct operation operations[MOST]; /* the last one is the terminator */
    int edge_count;
    struct edge edges[2];
};

/* list = nil; do { list = cons(n, list); n = n - 1 } while (n); log(); return first, list */
enum { ENTRY, LOOP, DONE, BLOCKS };
static const struct block function[BLOCKS] = {
    {"entry", {2, {N, FIRST}}, 2,
     {{"null", {0}, {1, {NIL}}, "nil"}, {"plain", {0}, {0}, "jump"}},
     1, {{LOOP, {2, {N, NIL}}}}},
    {"loop", {2, {I, LIST}}, 3,
     {{"safepoint", {2, {I, LIST}}, {1, {CELL}}, "call cons"},
      {"plain", {1, {I}}, {1, {J}}, "subtract 1"},
      {"plain", {1, {J}}, {0}, "branch if not zero"}},
     2, {{LOOP, {2, {J, CELL}}}, {DONE, {1, {CELL}}}}},
    {"done", {1, {RESULT}}, 2,
     {{"safepoint", {0}, {0}, "call log"}, {"plain", {2, {FIRST, RESULT}}, {0}, "return"}},
     0, {{0}}},
};

/* Liveness: a set of values is a word. */
static unsigned live_in[BLOCKS];

static unsigned set(struct list list) {
    unsigned values = 0;
    for (int i = 0; i < list.count; i++) values |= 1u << list.at[i];
    return values;
}

/* What is live behind operation `index` of a block; at its beginning if that is -1. */
static unsigned live_after(const struct block *block, int index) {
    unsigned live = 0;
    for (int e = 0; e < block->edge_count; e++) {
        const struct edge *edge = &block->edges[e];
        live |= live_in[edge->target] | set(edge->arguments);
    }
    for (int o = block->operation_count - 1; o > index; o--)
        live = (live & ~set(block->operations[o].defs)) | set(block->operations[o].uses);
    return live;
}

static void find_live(void) {
    for (int is_changed = 1; is_changed;) {
        is_changed = 0;
        for (int b = BLOCKS - 1; b >= 0; b--) {
            unsigned live = live_after(&function[b], -1) & ~set(function[b].params);
            is_changed |= live != live_in[b];
            live_in[b] = live;
        }
    }
}

static void print_values(FILE *out, struct list list) {
    for (int i = 0; i < list.count; i++) fprintf(out, " %s", names[list.at[i]]);
}

static void print_before(FILE *out) {
    fprintf(out, "before\n");
    for (int b = 0; b < BLOCKS; b++) {
        const struct block *block = &function[b];
        fprintf(out, "block %s", block->name);
        print_values(out, block->params);
        fprintf(out, "\n");
        for (int o = 0; o < block->operation_count; o++) {
            const struct operation *operation = &block->operations[o];
            fprintf(out, "  %s", operation->kind);
            print_values(out, operation->uses);
            fprintf(out, " ->");
            print_values(out, operation->defs);
            fprintf(out, "  # %s\n", operation->what);
        }
        for (int e = 0; e < block->edge_count; e++) {
            fprintf(out, "  edge %s", function[block->edges[e].target].name);
            print_values(out, block->edges[e].arguments);
            fprintf(out, "\n");
        }
        if (block->edge_count == 0) fprintf(out, "  leave\n");
    }
}

/* Puts the arguments of edges where the parameters are. */
static void print_moves(FILE *out, const struct block *block) {
    for (int e = 0; e < block->edge_count; e++) {
        const struct list arguments = block->edges[e].arguments;
        const struct list params = function[block->edges[e].target].params;
        for (int i = 0; i < arguments.count; i++) {
            fprintf(out, "  inserted; move [%s] -> %%r0\n", names[arguments.at[i]]);
            fprintf(out, "  inserted; move %%r0 -> [%s]\n", names[params.at[i]]);
        }
    }
}

static void print_instruction(FILE *out, const struct block *block, int index, int forgotten) {
    const struct operation *operation = &block->operations[index];
    for (int i = 0; i < operation->uses.count; i++)
        fprintf(out, "  inserted; move [%s] -> %%r%d\n", names[operation->uses.at[i]], i);
    fprintf(out, "  performs");
    for (int i = 0; i < operation->uses.count; i++) fprintf(out, "; use %d %%r%d", i, i);
    if (strcmp(operation->kind, "safepoint") == 0) {
        const unsigned live = live_after(block, index) & ~set(operation->defs);
        for (int i = 0; i < REGISTERS; i++) fprintf(out, "; clobber %%r%d", i);
        fprintf(out, "; safepoint");
        for (int v = 0; v < VALUES; v++)
            if ((live >> v & 1) && is_reference[v] && v != forgotten)
                fprintf(out, " [%s]", names[v]);
    }
    for (int i = 0; i < operation->defs.count; i++) fprintf(out, "; define %d %%r%d", i, i);
    fprintf(out, "  # %s\n", operation->what);
    for (int i = 0; i < operation->defs.count; i++)
        fprintf(out, "  inserted; move %%r%d -> [%s]\n", i, names[operation->defs.at[i]]);
}

static void print_after(FILE *out, int forgotten) {
    fprintf(out, "after\n");
    for (int v = 0; v < VALUES; v++) fprintf(out, "slot %s 8 spiller\n", names[v]);
    for (int b = 0; b < BLOCKS; b++) {
        const struct block *block = &function[b];
        fprintf(out, "block %s for %s", block->name, block->name);
        if (b == ENTRY)
            for (int i = 0; i < block->params.count; i++) fprintf(out, " %%r%d", i);
        fprintf(out, "\n");
        if (b == ENTRY)
            for (int i = 0; i < block->params.count; i++)
                fprintf(out, "  inserted; move %%r%d -> [%s]\n", i, names[block->params.at[i]]);
        for (int o = 0; o < block->operation_count; o++) {
            if (o == block->operation_count - 1) print_moves(out, block);
            print_instruction(out, block, o, forgotten);
        }
        for (int e = 0; e < block->edge_count; e++)
            fprintf(out, "  edge %s\n", function[block->edges[e].target].name);
        if (block->edge_count == 0) fprintf(out, "  leave\n");
    }
}

int main(int argc, char **argv) {
    int forgotten = -1;
    for (int v = 0; v < VALUES; v++)
        if (argc > 1 && strcmp(argv[1], names[v]) == 0) forgotten = v;
    find_live();
    printf("stackmap-pair 1\n\nfunction build_list\ncollector moving\ndeclared");
    for (int v = 0; v < VALUES; v++)
        if (is_reference[v]) printf(" %s", names[v]);
    printf("\n");
    print_before(stdout);
    print_after(stdout, forgotten);
    printf("end\n");
    return 0;
}
