namespace CertiFlip;

/// <summary>
/// One of the stages in which work on training rows in blocks is done. A stage begins when all parts of the one before
/// are there.
/// </summary>
/// <param name="Name">Its name, such as <c>coarse</c>.</param>
/// <param name="Of">What its parts divide among themselves.</param>
public sealed record BlockStage(string Name, BlockStageItems Of);

/// <summary>What the parts of a stage divide among themselves.</summary>
public enum BlockStageItems
{
    /// <summary>Blocks of training rows. A part reads no other training rows than its own.</summary>
    TrainingBlocks,

    /// <summary>Test rows. No training row is read.</summary>
    TestRows,

    /// <summary>Nothing: there is one part. No training row is read.</summary>
    Nothing,
}

/// <summary>The rows that a stage may read.</summary>
/// <param name="Training">The n training rows, which may be read from elsewhere.</param>
/// <param name="Labels">Reads their labels.</param>
/// <param name="Tests">The m test rows.</param>
public sealed record BlockInput(FeatureMatrix Training, BlockLabelReader Labels, FeatureMatrix Tests);

/// <summary>Reads the classes of some training rows, from any thread.</summary>
/// <param name="firstRow">The first row, from 0.</param>
/// <param name="classes">Receives a class, from 0 to K − 1, for each row.</param>
public delegate void BlockLabelReader(int firstRow, Span<int> classes);
