namespace CertiFlip;

/// <summary>
/// A head before it is fitted: which one, and all that is chosen about it. Each head has one of these beside it;
/// <c>HeadList</c> lists all.
/// </summary>
public abstract record HeadChoice
{
    private protected HeadChoice(string text) => Text = text;

    /// <summary>The name, such as <c>knn</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the head is, in a few words; the parameter is called by its symbol.</summary>
    public abstract string Description { get; }

    /// <summary>What may be written after the name, as N of <c>knn:N</c>; null where nothing may.</summary>
    public virtual HeadParameter? Parameter => null;

    /// <summary>As written, such as <c>knn:7</c>.</summary>
    public string Text { get; private protected init; }

    /// <summary>
    /// Whether anything of the head is computed from labels: <see cref="WithLabels"/> is then needed before a fit.
    /// </summary>
    public virtual bool DependsOnLabels => false;

    /// <summary>
    /// Whether the head lifts scores by stated shares of the classes (<see cref="ILiftingHead"/>): others refuse them.
    /// </summary>
    public virtual bool Lifts => false;

    /// <summary>Training rows that the head needs to be what it is called; a fit to fewer makes do with them.</summary>
    public virtual int LeastRows => 1;

    /// <summary>
    /// The head with an option of its own by name, as the command has it without the dashes: <c>ridge</c>,
    /// <c>intercept</c>, <c>gain</c>, <c>offset</c> or <c>levels</c>.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value as text, such as <c>fixed:3</c>, or <c>yes</c> or <c>no</c>.</param>
    /// <returns>The head, or null where it has no such option or the option no such value.</returns>
    public virtual HeadChoice? WithOption(string name, string value) => null;

    /// <summary>
    /// Whether the head is written for as many classes as are stated, as <c>saturated-ridge:classes</c>: <see
    /// cref="WithClasses"/> is then needed before a fit.
    /// </summary>
    public virtual bool NeedsClasses => false;

    /// <summary>Gives the head the list of classes, where it is written for as many as are stated.</summary>
    /// <param name="classes">The list; null where there is none.</param>
    /// <exception cref="ArgumentException">It is needed, and was not stated: labels may be wrong.</exception>
    /// <returns>The head with their number, such as <c>saturated-ridge:10</c>; any other head as it is.</returns>
    public virtual HeadChoice WithClasses(ClassList? classes) => this;

    /// <summary>Gives the head the labels and the noise that it is computed from, where it depends on labels.</summary>
    /// <param name="labels">The training labels.</param>
    /// <param name="noise">The noise that smooths them; none where nothing depends on labels.</param>
    /// <exception cref="ArgumentException">The head depends on labels and needs a noise, and there is none.</exception>
    /// <returns>A choice that can be fitted; the same where nothing depends on labels.</returns>
    public virtual HeadChoice WithLabels(ClassLabels labels, Noise? noise) => this;

    /// <summary>Fits the head.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="HeadException">
    /// There are no rows, or the features do not determine a head: the message says why.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The head depends on labels, and <see cref="WithLabels"/> was not called.
    /// </exception>
    public abstract ILeaveOneOutHead Fit(FeatureMatrix features, ParallelOptions? parallel = null);

    /// <summary>A fit of the head that workers can share. It gives the same bits.</summary>
    /// <param name="features">Training features (n × k), of which a worker looks at its blocks alone.</param>
    /// <param name="parallel">How many threads may be used by one worker, and when to stop.</param>
    /// <exception cref="NotSupportedException">The head is not fitted in stages; the message says why.</exception>
    public virtual StagedFit<IHead> FitInStages(FeatureMatrix features, ParallelOptions? parallel = null) =>
        throw new NotSupportedException($"a {Name} head is not fitted by sums over training rows.");

    /// <summary>The head in words, with what fitting it found out where it is fitted.</summary>
    /// <param name="fitted">The fitted head, if there is one.</param>
    /// <exception cref="ArgumentException"><paramref name="fitted"/> is another kind of head.</exception>
    public abstract string Describe(IHead? fitted = null);

    /// <summary>The same in values, for programs.</summary>
    /// <inheritdoc cref="Describe"/>
    public abstract HeadValues Values(IHead? fitted = null);

    /// <summary>Stores what was chosen, and what fitting computed, but for the training features.</summary>
    /// <param name="arrays">Receives it.</param>
    /// <param name="fitted">The fitted head.</param>
    /// <exception cref="ArgumentException"><paramref name="fitted"/> is another kind of head.</exception>
    public abstract void Store(ModelArrays arrays, IHead fitted);

    /// <summary>Reads what was chosen about a stored head.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <exception cref="ArgumentException">Something is missing or cannot be.</exception>
    public virtual HeadChoice WithStoredOptions(ModelArrays arrays) => this;

    /// <summary>Restores a fitted head. Its label weights are the same to the bit.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <param name="features">The training features that it was fitted to (n × k).</param>
    /// <param name="parallel">How many threads may be used; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">The arrays cannot be those of this head on these features.</exception>
    /// <exception cref="InvalidOperationException">
    /// The head depends on labels, and <see cref="WithLabels"/> was not called.
    /// </exception>
    public abstract ILeaveOneOutHead Restore(ModelArrays arrays, FeatureMatrix features, ParallelOptions? parallel = null);

    /// <summary>The head as written, with its defaults for the rest; null where another is meant, or none.</summary>
    internal HeadChoice? TryRead(string text) => text.Split(':', 2) switch
    {
        [var name] when name == Name => this,
        [var name, var parameter] when name == Name => WithParameter(parameter) is { } given ? given with { Text = text } : null,
        _ => null,
    };

    /// <summary>The head with what was written after its name, or null where that is not possible.</summary>
    private protected virtual HeadChoice? WithParameter(string written) => null;

    /// <summary>A fitted head as the kind that this choice makes.</summary>
    private protected T Own<T>(IHead fitted)
        where T : class, IHead =>
        fitted as T ?? throw new ArgumentException($"This is no head of the kind {Name}.", nameof(fitted));
}

/// <summary>What may be written after a head's name and a colon.</summary>
/// <param name="Symbol">What it is called, such as N.</param>
/// <param name="Range">What it may be, such as N ≥ 1.</param>
public sealed record HeadParameter(string Symbol, string Range);

/// <summary>What there is to say of a head in values. What a head does not have is null.</summary>
public sealed record HeadValues
{
    /// <summary>The rule for λ as written.</summary>
    public string? Ridge { get; init; }

    /// <summary>λ, in the units of the features squared; null where parts have their own.</summary>
    public double? Lambda { get; init; }

    /// <summary>Whether there is an intercept, where that is a choice.</summary>
    public bool? Intercept { get; init; }

    /// <summary>The gain of a saturated head.</summary>
    public double? Gain { get; init; }

    /// <summary>Its offset; null where each row has its own.</summary>
    public double? Offset { get; init; }

    /// <summary>Its lift; null where there is none.</summary>
    public double? Lift { get; init; }

    /// <summary>How many of the first features each level of a hierarchy has; null before it is fitted.</summary>
    public IReadOnlyList<int>? Levels { get; init; }

    /// <summary>The bound of a bounded head, B.</summary>
    public double? Bound { get; init; }

    /// <summary>How many neighbours vote.</summary>
    public int? Neighbours { get; init; }

    /// <summary>The bandwidth of a kernel, in the units of the features; null where parts have their own.</summary>
    public double? Bandwidth { get; init; }
}
