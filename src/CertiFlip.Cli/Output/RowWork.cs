using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>
/// Where the rows come from that a command spends its time on: all are computed here, which is usual; or a range of
/// them is, as one shard of a plan; or all are read that the shards of a plan computed. The command is the same.
/// </summary>
internal abstract class RowWork
{
    private static readonly AsyncLocal<RowWork?> Now = new();

    /// <summary>That of the run.</summary>
    public static RowWork Current => Now.Value ?? Alone.Instance;

    /// <summary>Whether the command goes on after its rows, to what is made of all of them.</summary>
    public virtual bool HasAllRows => true;

    /// <summary>Whether this is a plan, one of its shards, or its merge.</summary>
    public virtual bool IsPlanned => true;

    /// <summary>How many threads work, whatever the command line says; null where it decides.</summary>
    public virtual int? Threads => null;

    /// <summary>Whether nothing is said while working, whatever the command line says.</summary>
    public virtual bool IsQuiet => false;

    /// <summary>Uses this until what is returned is disposed.</summary>
    public IDisposable Use()
    {
        var before = new Restore(Now.Value);
        Now.Value = this;
        return before;
    }

    /// <summary>Is told the files that the command reads, before it reads them.</summary>
    public virtual void Read(IEnumerable<string> files)
    {
    }

    /// <summary>
    /// Training data with a fitted head that a plan keeps, so that not every shard reads and fits; null where it keeps
    /// none.
    /// </summary>
    public virtual TrainedModel? Model => null;

    /// <summary>A head: fitted, or that of the plan.</summary>
    /// <param name="data">What it is fitted to.</param>
    /// <param name="choice">Which head.</param>
    /// <param name="q">The noise that λ is computed for, where it depends on labels.</param>
    /// <param name="fit">Fits it.</param>
    public virtual IHead Head(RunData data, HeadChoice choice, double? q, Func<IHead> fit) => fit();

    /// <summary>The rows of one step of the work.</summary>
    /// <param name="step">What it computes, the same in every run of a command line.</param>
    /// <param name="count">How many rows there are.</param>
    /// <param name="form">How a row is written to a part and read.</param>
    /// <param name="compute">
    /// Computes as many rows as its second number says, from the first number on. A row must not depend on which others
    /// are computed with it.
    /// </param>
    /// <returns>All rows; or those of this shard, where <see cref="HasAllRows"/> is false.</returns>
    public abstract IReadOnlyList<T> Rows<T>(string step, int count, RowForm<T> form, Func<int, int, IReadOnlyList<T>> compute);

    /// <summary>The parts of work in stages, all of which are done.</summary>
    /// <exception cref="RowsAreDone">There is nothing else to do than what was done of it.</exception>
    public virtual StageParts Stages(StagedWork work) => work.Alone();

    /// <summary>A fit that the shards of a plan share, stage after stage.</summary>
    /// <param name="start">Begins the fit; more than once, if need be.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <exception cref="RowsAreDone">There is nothing else to do than what was done of it.</exception>
    /// <exception cref="UsageException">It cannot be shared.</exception>
    /// <exception cref="DataException">A part is not what it should be.</exception>
    public T Fit<T>(Func<StagedFit<T>> start, IWorkProgress progress)
    {
        StagedFit<T> Begun(int stages, StageParts parts)
        {
            StagedFit<T> fit = start();
            for (int stage = 0; stage < stages; stage++)
                fit.Take(parts.Open(stage));
            return fit;
        }

        IReadOnlyList<FitStage> stages;
        long memory;
        try
        {
            StagedFit<T> fit = start();
            (stages, memory) = (fit.Stages, fit.Memory);
        }
        catch (NotSupportedException exception)
        {
            throw new UsageException($"this command line cannot be shared out: {exception.Message} Run it as it is.");
        }

        try
        {
            using StageParts parts = Stages(new StagedWork(
                [
                    .. stages.Select(stage => new WorkStage(stage.Name, stage.Of, stage.Count)
                    {
                        PerOne = TimeSpan.FromSeconds(stage.SecondsOfOne),
                    }),
                ],
                (stage, first, count, earlier, output) =>
                {
                    progress.Report($"{stages[stage].Name}: {count:N0} of {stages[stage].Count:N0}");
                    Begun(stage, earlier).Run(first, count, output);
                })
            {
                Memory = memory,
            });
            return Begun(stages.Count, parts).Finish();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DataException($"the parts of this plan do not fit together: {exception.Message} Plan again.", exception);
        }
    }

    /// <summary>The rows of one step, where each is as many numbers.</summary>
    /// <param name="step">What it computes.</param>
    /// <param name="count">How many rows there are.</param>
    /// <param name="columns">How many numbers a row has.</param>
    /// <param name="compute">Computes rows, as for <see cref="Rows"/>.</param>
    public virtual FeatureMatrix Matrix(string step, int count, int columns, Func<int, int, FeatureMatrix> compute)
    {
        IReadOnlyList<double[]> rows = Rows(step, count, RowForm.Numbers(columns), (first, some) =>
        {
            FeatureMatrix made = compute(first, some);
            return (double[][])[.. Enumerable.Range(0, some).Select(row => made.Row(row).ToArray())];
        });
        double[] all = new double[checked(rows.Count * columns)];
        foreach ((int row, double[] numbers) in rows.Index())
            numbers.CopyTo(all, row * columns);
        return new FeatureMatrix(rows.Count, columns, all);
    }

    /// <summary>Is told that all steps are done, before any output is written.</summary>
    /// <exception cref="RowsAreDone">There is nothing else to do.</exception>
    public virtual void End()
    {
    }

    /// <summary>The usual: all rows are computed here.</summary>
    private sealed class Alone : RowWork
    {
        public static Alone Instance { get; } = new();

        public override bool IsPlanned => false;

        public override IReadOnlyList<T> Rows<T>(string step, int count, RowForm<T> form, Func<int, int, IReadOnlyList<T>> compute) =>
            compute(0, count);

        public override FeatureMatrix Matrix(string step, int count, int columns, Func<int, int, FeatureMatrix> compute) =>
            compute(0, count);
    }

    private sealed class Restore(RowWork? before) : IDisposable
    {
        public void Dispose() => Now.Value = before;
    }
}

/// <summary>Ends a command whose rows are done, or known, and of which no output is wanted.</summary>
internal sealed class RowsAreDone : Exception;
