using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>What is asked of the games, and what their ends say: about all rows, groups, and pairs of groups.</summary>
/// <param name="bound">The rows.</param>
/// <param name="labels">The n training labels.</param>
/// <param name="allowed">What the adversary may do.</param>
/// <param name="classes">Where a list of classes matters that was read off the labels.</param>
/// <param name="options">What is asked.</param>
internal sealed class CollectiveQuestions(
    CollectiveBound bound, ClassLabels labels, AllowedFlips allowed, ClassAssumption classes, CollectiveOptions options)
{
    private const int AnyOther = -1;

    private readonly IReadOnlyList<int> _predictions = bound.Predictions;
    private readonly List<Game> _games = [];

    /// <summary>Asks everything and answers it.</summary>
    /// <param name="progress">Is told what part of the work is done, from 0 to 1.</param>
    public CollectiveCertificates Answer(IProgress<double>? progress)
    {
        int m = _predictions.Count;
        Game[] all = Ask(row => IsCorrect(row) ? 1 : 0);
        int groups = options.Groups.Count == 0 ? 0 : options.Groups.Max() + 1;
        int[] sizes = [.. Enumerable.Range(0, groups).Select(group => options.Groups.Count(one => one == group))];
        int[] correctRows = [.. Enumerable.Range(0, m).Where(IsCorrect)];
        int[] correct = [.. Enumerable.Range(0, groups).Select(group => correctRows.Count(row => options.Groups[row] == group))];
        Moves[] moves = [.. Enumerable.Range(0, groups).Select(group => new Moves(this, row => options.Groups[row] == group ? 1 : 0))];
        (int One, int Other)[] pairs =
        [
            .. from one in Enumerable.Range(0, groups)
               from other in Enumerable.Range(one + 1, groups - one - 1)
               where sizes[one] > 0 && sizes[other] > 0
               select (one, other),
        ];

        // Accuracies as whole numbers: in units of 1/(rows of one · rows of the other).
        Moves[] gaps =
        [
            .. pairs.Select(pair => new Moves(this, row =>
                options.Groups[row] == pair.One ? sizes[pair.Other] : options.Groups[row] == pair.Other ? -sizes[pair.One] : 0)),
        ];
        bound.Play(_games, progress);
        return new CollectiveCertificates(
            m,
            correctRows.Length,
            [
                .. from end in Settled(all)
                   select new CollectiveCertificate(end.Game.Budget, end.Game.Alone, (int)end.Most, (int)end.Found, end.Attack)
                   {
                       AssumesClasses = classes.IsMadeAt(end.Game.Budget),
                   },
            ],
            [
                .. from @group in Enumerable.Range(0, groups)
                   from end in moves[@group].Ends()
                   select new GroupCertificate(
                       @group, sizes[@group], correct[@group], end.Down.Game.Budget,
                       (int)end.Down.Most, (int)end.Down.Found, (int)end.Up.Most, (int)end.Up.Found),
            ],
            [
                .. from pair in pairs.Index()
                   from end in gaps[pair.Index].Ends()
                   select GapOf(pair.Item.One, pair.Item.Other, end),
            ]);

        GapCertificate GapOf(int one, int other, (End Down, End Up) end)
        {
            long unit = (long)sizes[one] * sizes[other];
            long now = (long)correct[one] * sizes[other] - (long)correct[other] * sizes[one];
            return new GapCertificate(
                one, other, end.Down.Game.Budget, now / (double)unit,
                Math.Max(-unit, now - end.Down.Most) / (double)unit, Math.Min(unit, now + end.Up.Most) / (double)unit,
                (now - end.Down.Found) / (double)unit, (now + end.Up.Found) / (double)unit);
        }
    }

    /// <summary>
    /// What a larger budget cannot do a smaller one cannot, and what a smaller one does a larger one does, too.
    /// </summary>
    private static End[] Settled(Game[] games)
    {
        var ends = new End[games.Length];
        long most = long.MaxValue;
        for (int i = games.Length - 1; i >= 0; i--)
            ends[i] = new End(games[i], most = Math.Min(most, games[i].Most), games[i].Found, games[i].InRows(games[i].Attack));
        for (int i = 1; i < ends.Length; i++)
        {
            if (ends[i - 1].Found > ends[i].Found)
                ends[i] = ends[i] with { Found = ends[i - 1].Found, Attack = ends[i - 1].Attack };
        }

        return ends;
    }

    private bool IsCorrect(int row) => options.Truth is null || options.Truth[row] == _predictions[row];

    /// <summary>One game for each budget. Rows that are wrong can only become right.</summary>
    private Game[] Ask(Func<int, int> weightOf)
    {
        int m = _predictions.Count;
        int[] weights = [.. Enumerable.Range(0, m).Select(weightOf)];
        int[] targets = [.. Enumerable.Range(0, m).Select(row => IsCorrect(row) ? AnyOther : options.Truth![row])];
        Game[] games = [.. options.Budgets.Select(budget => new Game(labels, allowed, budget, weights, targets))];
        _games.AddRange(games);
        return games;
    }

    /// <summary>How far a weighted number of correct predictions can be moved, down and up.</summary>
    private sealed class Moves
    {
        private readonly Game[] _down;
        private readonly Game[] _up;

        public Moves(CollectiveQuestions questions, Func<int, int> weightOf)
        {
            // A correct prediction that is lost moves the number down by its weight, and one that is gained up.
            _down = questions.Ask(row => questions.IsCorrect(row) ? weightOf(row) : -weightOf(row));
            _up = questions.Ask(row => questions.IsCorrect(row) ? -weightOf(row) : weightOf(row));
        }

        public IEnumerable<(End Down, End Up)> Ends() => Settled(_down).Zip(Settled(_up));
    }

    /// <summary>The end of a game.</summary>
    private sealed record End(Game Game, long Most, long Found, IReadOnlyList<LabelFlip> Attack);
}
