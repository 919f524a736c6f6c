using System.Collections.Concurrent;
using CertiFlip.Exact;
using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>
/// Bounds what one adversary can do to many rows at once, and attacks them all at once for real. Cuts and attacks are
/// chosen in turns: cuts that are good against the attacks so far, an attack that is best against the cuts so far.
/// Label weights are computed anew in each turn, so that memory does not grow with the number of test rows.
/// </summary>
internal sealed class CollectiveBound
{
    // Turns over all rows; and where that is much work, turns over some of them first, that only teach the adversary.
    private const int Turns = 32;
    private const int SampledTurns = 20;
    private const int LastTurns = 6;

    // Rows × training rows × games beyond which some rows teach first, and how many do.
    private const double MostWork = 2e9;
    private const int MostSampled = 1000;

    // Rows × training rows × classes up to which it is found out what each pair survives.
    private const double MostPairs = 1e10;

    // What the sums of games that are played together may take.
    private const double MostBytes = 512L << 20;

    // Turns of the soft attack, from a soft margin to a hard one, and how far each turn pulls.
    private const int AttackTurns = 32;
    private const int SampledAttackTurns = 8;
    private const double Softest = 1;
    private const double Hardest = 0.1;
    private const double Pull = 0.2;

    private readonly ClassLabels _labels;
    private readonly AllowedFlips _allowed;
    private readonly RowVotes _votes;
    private readonly IHead _head;
    private readonly FeatureMatrix _tests;
    private readonly ParallelOptions _parallel;
    private readonly int[] _predictions;
    private readonly Radius[] _survived;
    private readonly ConcurrentBag<Player> _players = [];
    private IProgress<double>? _progress;
    private double _before;
    private double _part;
    private long _visited;

    /// <summary>Looks at every row alone.</summary>
    /// <param name="head">The head.</param>
    /// <param name="labels">The n training labels.</param>
    /// <param name="allowed">What the adversary may do.</param>
    /// <param name="votes">Makes votes of rows.</param>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    /// <exception cref="HeadException">Label weights overflow, or cannot be computed.</exception>
    public CollectiveBound(
        IHead head, ClassLabels labels, AllowedFlips allowed, RowVotes votes, FeatureMatrix tests, ParallelOptions parallel)
    {
        (_head, _labels, _allowed, _votes, _tests, _parallel) = (head, labels, allowed, votes, tests, parallel);
        int classes = labels.ClassCount;
        (_predictions, _survived) = (new int[tests.Rows], new Radius[checked(tests.Rows * classes)]);
        bool isEachKnown = (double)tests.Rows * labels.Count * classes < MostPairs;
        ForEach(tests, (row, vote) =>
        {
            (Pair weakest, ExactFlips fewest) = ExactCertificate.Weakest(vote);
            _predictions[row] = weakest.Winner;
            for (int rival = 0; rival < classes; rival++)
            {
                // No pair survives less than the weakest; that is enough where it is much work to know each.
                _survived[row * classes + rival] = rival == weakest.Winner ? Radius.Any
                    : rival == weakest.Rival || !isEachKnown ? fewest.Survived
                    : ExactFlips.Of(vote, new Pair(weakest.Winner, rival)).Survived;
            }
        });
    }

    /// <summary>How many sums a search of small cases may keep; 0 for no search.</summary>
    public double MostSearched { get; init; } = SmallSearch.MostSums;

    /// <summary>The head's classes (m).</summary>
    public IReadOnlyList<int> Predictions => _predictions;

    /// <summary>What a row survives.</summary>
    /// <param name="row">The test row.</param>
    /// <param name="target">The only class that it must not become; −1 for all others.</param>
    public Radius SurvivedBy(int row, int target)
    {
        ReadOnlySpan<Radius> pairs = PairsOf(row);
        if (target >= 0)
            return pairs[target];
        Radius least = Radius.Any;
        foreach (Radius pair in pairs)
            least = Radius.Min(least, pair);
        return least;
    }

    /// <summary>Plays games to their end.</summary>
    /// <param name="games">The games, which are over when this returns.</param>
    /// <param name="progress">Is told what part of the work is done, from 0 to 1.</param>
    public void Play(IReadOnlyList<Game> games, IProgress<double>? progress)
    {
        _progress = progress;
        foreach (Game game in games)
        {
            int[] breakable = [.. Enumerable.Range(0, _tests.Rows).Where(row => Counts(game, row))];
            game.Begin(breakable.Length, breakable.Sum(row => (long)game.Weights[row]));
        }

        // As many at a time as their sums fit into memory.
        Game[] open = [.. games.Where(game => game.Most > 0)];
        double bytes = (2 + _parallel.MaxDegreeOfParallelism) * 8.0 * _labels.Count * _labels.ClassCount;
        Game[][] chunks = [.. open.Chunk((int)Math.Clamp(MostBytes / bytes, 1, open.Length + 1))];
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            (_before, _part) = (chunk / (double)chunks.Length, 1.0 / chunks.Length);
            Play(chunks[chunk]);
            foreach (Game game in chunks[chunk])
                game.Close();
        }

        progress?.Report(1);
    }

    private void Play(Game[] games)
    {
        int[] rows = [.. Enumerable.Range(0, _tests.Rows).Where(row => games.Any(game => CanChange(game, row)))];
        double work = (double)rows.Length * _labels.Count * games.Length;
        int every = work <= MostWork ? 1 : (rows.Length + MostSampled - 1) / MostSampled;
        int[] sample = every > 1 ? [.. rows.Where((_, index) => index % every == 0)] : rows;
        long visits = every > 1
            ? (SampledTurns + SampledAttackTurns) * (long)sample.Length + (LastTurns + 2) * (long)rows.Length
            : (Turns + AttackTurns + 2) * (long)rows.Length;
        (_visited, _part) = (0, _part / Math.Max(1, visits));
        if (every > 1)
            Play(games, sample, SampledTurns, isBound: false, isLast: false);
        Play(games, rows, every > 1 ? LastTurns : Turns, isBound: true, isLast: every > 1);
        Carry(games, rows);
        Search(games, rows);
        Attack(games, sample, every > 1 ? SampledAttackTurns : AttackTurns);
        Carry(games, rows);
    }

    private void Play(Game[] games, int[] rows, int turns, bool isBound, bool isLast)
    {
        foreach (Game game in games)
            game.Restart(rows.Sum(row => Math.Max(0L, game.Weights[row])), turns * (turns + 1) / 2);
        for (int turn = 0; turn < turns; turn++)
        {
            Game[] open = [.. games.Where(game => !game.IsSettled)];
            if (open.Length == 0)
                return;
            foreach (Game game in open)
                game.BeginTurn(turn + 1);
            TakeTurn(open, rows, isBound, isTried: isBound && !isLast, 2.0 / ((isLast ? SampledTurns : 0) + turn + 2));
        }
    }

    private void TakeTurn(Game[] games, int[] rows, bool isBound, bool isTried, double step)
    {
        long[][] found = [.. games.Select(game => new long[game.Tries.Count])];
        AddUp(
            games,
            rows,
            (i, row, vote, cuts, sums) =>
            {
                Game game = games[i];
                if (isTried)
                    CountTries(game, row, vote, found[i]);
                if (game.Weights[row] > 0)
                    cuts.Add(game.Budget, PairsOf(row), game.Targets[row], game.Guide, game.Weights[row] * game.Unit, sums);
            },
            (i, sums) => games[i].Sums.Add(sums));
        NoteTries(games, found, isTried);
        Parallel.ForEach(games, _parallel, game => game.EndTurn(isBound, step));
    }

    /// <summary>
    /// Adds up numbers of flips over rows, in parallel; they are whole, so the order does not matter.
    /// </summary>
    /// <param name="games">The games.</param>
    /// <param name="rows">The rows; what is said of a row that a game's adversary cannot change is skipped.</param>
    /// <param name="add">Is given a game, a row, its vote, and what to make numbers with and add them to.</param>
    /// <param name="end">Is given a game and its sums over all rows.</param>
    private void AddUp(
        Game[] games, int[] rows, Action<int, int, Vote, RowCuts, FlipSums> add, Action<int, FlipSums> end)
    {
        foreach (Player player in _players)
            player.Clear(games.Length);
        ForEach(_tests.SelectRows(rows), (index, vote) =>
        {
            int row = rows[index];
            if (!_players.TryTake(out Player? player))
            {
                player = new Player(_labels, _allowed);
                player.Clear(games.Length);
            }

            player.Cuts.Load(vote, _predictions[row]);
            for (int i = 0; i < games.Length; i++)
            {
                if (CanChange(games[i], row))
                    add(i, row, vote, player.Cuts, player.Sums[i]);
            }

            _players.Add(player);
        });
        Player[] players = [.. _players];
        Parallel.For(0, games.Length, _parallel, i =>
        {
            foreach (Player other in players.Skip(1))
                players[0].Sums[i].Add(other.Sums[i]);
            end(i, players[0].Sums[i]);
        });
    }

    /// <summary>Where there is little to search, tries all that can matter.</summary>
    private void Search(Game[] games, int[] rows)
    {
        Game[] open = [.. games.Where(game => !game.IsSettled && _allowed.HasUnitCosts)];
        double most = (double)rows.Length * _labels.ClassCount * _labels.Count * open.Select(game => game.Budget).DefaultIfEmpty().Max();
        if (open.Length == 0 || most > MostSearched)
            return;
        var votes = new Vote[rows.Length];
        ForEach(_tests.SelectRows(rows), (index, vote) => votes[index] = vote.WithOwnWeights());
        foreach (Game game in open)
        {
            SmallSearch.Row[] counted =
            [
                .. from index in Enumerable.Range(0, rows.Length)
                   let row = rows[index]
                   where CanChange(game, row)
                   select new SmallSearch.Row(votes[index], _predictions[row], game.Targets[row], game.Weights[row]),
            ];
            new SmallSearch(_labels, _allowed, counted, game).Run();
        }
    }

    /// <summary>
    /// Looks for attacks on the margins that are left, made soft: rows that are nearly broken, or only just, count
    /// most.
    /// </summary>
    private void Attack(Game[] games, int[] rows, int turns)
    {
        Game[] open = [.. games.Where(game => !game.IsSettled)];
        foreach (Game game in open)
            game.Restart(rows.Sum(row => Math.Max(0L, game.Weights[row])), 1);
        for (int turn = 0; turn < turns && open.Length > 0; turn++)
        {
            double softness = Softest * Arithmetic.Exp(turn / (turns - 1.0) * Arithmetic.Log(Hardest / Softest));
            double pull = turn == 0 ? 1 : Pull;
            long[] found = new long[open.Length];
            AddUp(
                open,
                rows,
                (i, row, vote, cuts, sums) =>
                {
                    (Game game, int target) = (open[i], open[i].Targets[row]);
                    var flipped = new FlippedVote(vote, game.Lured);
                    int now = flipped.Class;
                    if (target < 0 ? now != _predictions[row] : now == target)
                        Interlocked.Add(ref found[i], game.Weights[row]);
                    if (game.Weights[row] > 0)
                        cuts.AddLure(PairsOf(row), game.Budget, target, flipped, softness, game.Weights[row] * game.Unit, sums);
                },
                (i, sums) => open[i].EndAttack(found[i], sums, pull));
        }
    }

    /// <summary>Carries out the last attacks.</summary>
    private void Carry(Game[] games, int[] rows)
    {
        Game[] open = [.. games.Where(game => !game.IsSettled)];
        if (open.Length == 0)
            return;
        long[][] found = [.. open.Select(game => new long[game.Tries.Count])];
        ForEach(_tests.SelectRows(rows), (index, vote) =>
        {
            for (int i = 0; i < open.Length; i++)
            {
                if (CanChange(open[i], rows[index]))
                    CountTries(open[i], rows[index], vote, found[i]);
            }
        });
        NoteTries(open, found, isBound: true);
    }

    private static void NoteTries(Game[] games, long[][] found, bool isBound)
    {
        for (int i = 0; isBound && i < games.Length; i++)
        {
            for (int attack = 0; attack < found[i].Length; attack++)
                games[i].Carried(games[i].Tries[attack], found[i][attack]);
        }
    }

    private void CountTries(Game game, int row, Vote vote, long[] found)
    {
        for (int attack = 0; attack < found.Length; attack++)
        {
            int now = new FlippedVote(vote, game.Tries[attack]).Class, target = game.Targets[row];
            if (target < 0 ? now != _predictions[row] : now == target)
                Interlocked.Add(ref found[attack], game.Weights[row]);
        }
    }

    /// <summary>
    /// Whether a row counts in a game: it weighs something, and some flips within the budget change it.
    /// </summary>
    private bool Counts(Game game, int row) => game.Weights[row] > 0 && CanChange(game, row);

    /// <summary>The same, for a row that may count against the adversary.</summary>
    private bool CanChange(Game game, int row) =>
        game.Weights[row] != 0 && !SurvivedBy(row, game.Targets[row]).Survives(game.Budget);

    private ReadOnlySpan<Radius> PairsOf(int row) => _survived.AsSpan(row * _labels.ClassCount, _labels.ClassCount);

    private void ForEach(FeatureMatrix tests, Action<int, Vote> look) => _votes.ForEach(
        tests.Rows,
        "Test row",
        (first, rows, weights, lifts) => _head.Compute(tests, first, rows, weights, _votes.Stride, lifts),
        look,
        _parallel,
        new Visits(this));

    /// <summary>Tells what part of the work is done, row by row.</summary>
    private sealed class Visits(CollectiveBound bound) : IProgress<int>
    {
        public void Report(int value) =>
            bound._progress?.Report(Math.Min(1, bound._before + Interlocked.Add(ref bound._visited, value) * bound._part));
    }

    /// <summary>What one thread at a time works in.</summary>
    private sealed class Player(ClassLabels labels, AllowedFlips allowed)
    {
        public RowCuts Cuts { get; } = new(labels, allowed);

        /// <summary>Sums for each game.</summary>
        public List<FlipSums> Sums { get; } = [];

        /// <summary>Makes room for so many games.</summary>
        public void Clear(int games)
        {
            foreach (FlipSums sums in Sums)
                sums.Clear();
            while (Sums.Count < games)
                Sums.Add(new FlipSums(labels));
        }
    }
}
