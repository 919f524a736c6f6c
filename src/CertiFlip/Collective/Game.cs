using CertiFlip.Votes;

namespace CertiFlip.Collective;

/// <summary>
/// One question about all rows together: how much can the rows that an adversary changes within a budget weigh at most?
/// The bound comes from cuts of the rows, which are chosen in turns with attacks (fictitious play).
/// </summary>
internal sealed class Game
{
    private readonly ClassLabels _labels;
    private readonly AllowedFlips _allowed;
    private FlipPlay? _play;
    private FlipSums? _sums;
    private int _turns;
    private int _shift;
    private long _lured;

    /// <summary>A question.</summary>
    /// <param name="labels">The n training labels.</param>
    /// <param name="allowed">What the adversary may do.</param>
    /// <param name="budget">The budget r.</param>
    /// <param name="weights">What each test row weighs (m); 0 where it does not count.</param>
    /// <param name="targets">
    /// For each test row the only class that its prediction must become to count; −1 if any other does (m).
    /// </param>
    public Game(ClassLabels labels, AllowedFlips allowed, int budget, IReadOnlyList<int> weights, IReadOnlyList<int> targets)
    {
        (_labels, _allowed, Budget, Weights, Targets) = (labels, allowed, budget, weights, targets);
    }

    /// <summary>The budget r.</summary>
    public int Budget { get; }

    /// <summary>What each test row weighs; 0 where it does not count.</summary>
    public IReadOnlyList<int> Weights { get; }

    /// <summary>The only class that a row's prediction must become to count, or −1.</summary>
    public IReadOnlyList<int> Targets { get; }

    /// <summary>What cuts are chosen against: the play as it is now.</summary>
    public PlayGuide Guide => Play.Guide;

    /// <summary>What the adversary did so far.</summary>
    private FlipPlay Play => _play ??= new FlipPlay(_labels);

    /// <summary>The cuts of the turns so far, added up.</summary>
    public FlipSums Sums => _sums ??= new FlipSums(_labels);

    /// <summary>Proved: rows that are changed together weigh at most this.</summary>
    public long Most { get; private set; }

    /// <summary>What the rows weigh that the best attack so far really changes.</summary>
    public long Found { get; private set; }

    /// <summary>The flips of that attack.</summary>
    public IReadOnlyList<CountedFlip> Attack { get; private set; } = [];

    /// <summary>Attacks that are to be carried out on all rows.</summary>
    public IReadOnlyList<IReadOnlyList<CountedFlip>> Tries { get; private set; } = [];

    /// <summary>Whether nothing more can be found out.</summary>
    public bool IsSettled => Found >= Most;

    /// <summary>What a weight of 1 is in <see cref="Sums"/>, in this turn.</summary>
    public double Unit { get; private set; }

    /// <summary>How many rows that count some flips within the budget change, each alone.</summary>
    public int Alone { get; private set; }

    /// <summary>Whether the game is over.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Begins with what is known of each row alone.</summary>
    /// <param name="alone">How many rows that count some flips within the budget change.</param>
    /// <param name="weight">What they weigh.</param>
    public void Begin(int alone, long weight) => (Alone, Most, IsClosed) = (alone, weight, weight == 0);

    /// <summary>Begins to add up cuts or lures.</summary>
    /// <param name="weight">What all rows that they are for weigh together.</param>
    /// <param name="turns">What the turns that follow weigh together, in whole numbers.</param>
    public void Restart(long weight, int turns)
    {
        // Sums over rows and turns stay below 2⁵²: they are whole numbers and exact.
        Sums.Clear();
        _shift = 50 - Math.ILogB(Math.Max(1.0, weight) * turns);
        (_turns, _lured, Lured) = (0, 0, Attack);
        Unit = Math.ScaleB(1, _shift);
    }

    /// <summary>Begins a turn that weighs so much.</summary>
    public void BeginTurn(int weight)
    {
        _turns += weight;
        Unit = Math.ScaleB(weight, _shift);
    }

    /// <summary>Ends a turn: reads the bound, and moves the play towards the attack that counts most.</summary>
    /// <param name="isBound">Whether cuts of all rows were added, so that the sums prove something.</param>
    /// <param name="step">How far the play moves.</param>
    public void EndTurn(bool isBound, double step)
    {
        CountedFlip[] attack = Sums.Largest(_allowed, Budget, out Int128 most);
        if (isBound)
            Most = Math.Min(Most, (long)(_shift >= 0 ? most / ((Int128)_turns << _shift) : (most << -_shift) / _turns));
        Play.Move(attack, step);
        Tries = [attack, Play.Rounded(_allowed, Budget)];
    }

    /// <summary>The attack that the soft margins lure to.</summary>
    public IReadOnlyList<CountedFlip> Lured { get; private set; } = [];

    /// <summary>Ends a turn of the soft attack.</summary>
    /// <param name="found">What the rows weigh that it changes.</param>
    /// <param name="lures">How much each flip lures.</param>
    /// <param name="pull">How far the lures of this turn count.</param>
    public void EndAttack(long found, FlipSums lures, double pull)
    {
        if (found > _lured)
            (_lured, Tries) = (found, [Lured]);
        Sums.Scale(1 - pull);
        Sums.Add(lures, pull);
        Lured = Sums.Largest(_allowed, Budget, out _);
    }

    /// <summary>All attacks that can matter were carried out: none does more than the best of them.</summary>
    public void Settle() => Most = Math.Min(Most, Found);

    /// <summary>Ends the game: what it was played with is no longer needed.</summary>
    public void Close() => (IsClosed, _play, _sums, Tries, Lured) = (true, null, null, [], []);

    /// <summary>An attack was carried out.</summary>
    /// <param name="flips">Its flips.</param>
    /// <param name="found">What the rows weigh that it changed.</param>
    public void Carried(IReadOnlyList<CountedFlip> flips, long found)
    {
        if (found > Found)
            (Found, Attack) = (found, flips);
    }

    /// <summary>The flips of an attack as they are in the data.</summary>
    public IReadOnlyList<LabelFlip> InRows(IEnumerable<CountedFlip> flips) =>
    [
        .. from flip in flips
           let row = _labels.RowsByClass[flip.Position]
           orderby row
           select new LabelFlip(row, _labels[row], flip.Target),
    ];
}
